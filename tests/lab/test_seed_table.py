"""種一つを一行にした表: 書いた表を読むと、元の点と結果に戻ります。"""

import io

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from rnnbook.lab.seed_table import from_seed_table, seed_table

COUNT = st.sampled_from([None, 100, 200, 300])
RECORD = st.fixed_dictionaries(
    {
        "curve": st.lists(st.integers(0, 1000).map(lambda n: n / 1000), max_size=3),
        "solved_at": COUNT,
        "diverged_at": COUNT,
    }
)


def columns(record):
    steps = {str(100 * n): "" for n in (1, 2, 3)}
    steps |= {str(100 * (n + 1)): repr(v) for n, v in enumerate(record["curve"])}
    return {"diverged_at": str(record["diverged_at"] or "")} | steps


@settings(deadline=None)
@given(
    st.lists(st.lists(RECORD, min_size=6, max_size=6), min_size=1, max_size=4),
    st.data(),
)
def test_what_was_written_is_read_back_as_the_same_points_and_results(runs, draw):
    # 一つの問題に六つの種。二つずつの点に分け、点の順を混ぜて書きます
    results = [
        (
            {"task": "latch", "T": 10 * T, "seed": seed, "seeds": 2},
            {"seeds": records[seed : seed + 2]},
        )
        for T, records in enumerate(runs, 1)
        for seed in (0, 2, 4)
    ]
    written = [results[0], *draw.draw(st.permutations(results[1:]))]
    written.sort(key=lambda pair: pair[0]["seed"])  # あとの種は、あとから測られます
    text = seed_table(written, ("task", "T"), columns)
    table = pd.read_csv(io.StringIO(text))
    found = from_seed_table(table, ("task", "T"), block=2)
    order = list(dict.fromkeys(point["T"] for point, _ in written))
    assert found == sorted(results, key=lambda pair: order.index(pair[0]["T"]))
