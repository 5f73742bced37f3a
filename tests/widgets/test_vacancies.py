"""空孔の図: ページの中の散乱、計数、三つのモデル、印は Python に等しく、言う数は計算した数です。"""

import re

import numpy as np
import pytest

from rnnbook.materials import diffraction, portable_counts, powder
from rnnbook.materials.trust import Trusted
from rnnbook.models.vacancy_readers import CONDITIONS, READERS, load_vacancy_readers
from rnnbook.widgets.vacancies import Vacancies

FIGURE = Vacancies()
CRYSTAL, TRAINED = FIGURE.crystal, FIGURE.trained
RNG = np.random.default_rng(0)
# 空孔（%）、B、尺度、背景の倍率
SETTINGS = [
    {"c": 0.0, "B": 0.6, "scale": 4000, "ground": 0.0},
    {"c": 15.0, "B": 1.6, "scale": 250, "ground": 3.0},
    *(
        {
            "c": float(RNG.uniform(0, 15)),
            "B": float(RNG.uniform(0.2, 1.6)),
            "scale": float(RNG.uniform(250, 8000)),
            "ground": float(RNG.uniform(0, 3)),
        }
        for _ in range(4)
    ),
]
# ページのモジュールを読み、表を作ってから一つの関数を呼ぶ
STUDY = """async ([crystal, trained, how]) => {
  const { tablesOf } = await import("/diffraction/debye.js");
  const { makeReaders } = await import("/vacancies/readers.js");
  const { study } = await import("/vacancies/vacancies.js");
  return study(tablesOf(crystal), trained, makeReaders(trained), how);
}"""
PATTERN = """async ([crystal, how]) => {
  const { tablesOf, expectedCounts } = await import("/diffraction/debye.js");
  return expectedCounts(tablesOf(crystal), how);
}"""
READ = """async ([trained, counts]) => {
  const { makeReaders, markOf } = await import("/vacancies/readers.js");
  return [makeReaders(trained)(counts), markOf(trained, counts)];
}"""


def expected(how):
    levels = how["ground"] * powder.LEVELS
    return diffraction.expected(how["c"] / 100, how["B"], how["scale"], levels)


@pytest.mark.parametrize("how", SETTINGS)
def test_the_page_scatters_as_python_does(bench, how):
    page = bench.evaluate(PATTERN, [CRYSTAL, how])
    np.testing.assert_allclose(page, expected(how), rtol=1e-9)


@pytest.mark.parametrize("seed", [1, 30, 4096])
def test_the_page_draws_the_counts_that_python_draws(call, seed):
    mean = np.concatenate([np.linspace(0, 12, 200), np.geomspace(12, 20_000, 200)])
    page = call("diffraction/counts.js", "poissonCounts", mean.tolist(), seed)
    assert page == portable_counts.mulberry_poisson(seed)(mean).tolist()


@pytest.mark.parametrize("k", [0, 1, 5, 9, 10, 11, 40, 1000])
def test_the_logarithm_of_a_factorial_is_the_sum_of_logarithms(call, k):
    page = call("diffraction/counts.js", "logFactorial", k)
    np.testing.assert_allclose(page, np.log(np.arange(1, k + 1)).sum(), atol=1e-9)


@pytest.mark.parametrize("train", CONDITIONS)
def test_the_page_answers_as_pytorch_does(bench, train):
    counts = RNG.poisson([expected(how) for how in SETTINGS])
    readers = load_vacancy_readers(train)
    for row in counts:
        told, _ = bench.evaluate(READ, [TRAINED[train], row.tolist()])
        for name in READERS:
            np.testing.assert_allclose(
                told[name], readers[name](row[None])[0], atol=1e-4
            )


@pytest.mark.parametrize("train", CONDITIONS)
def test_the_page_marks_what_python_marks(bench, train):
    rng = np.random.default_rng(3)
    known, held = (
        powder.measure(rng, n, background=train != "clean") for n in (80, 60)
    )
    trusted = Trusted(lambda X: X[:, 0], 6).fit(np.sqrt(known.counts), known.c)
    trusted.calibrate(np.sqrt(held.counts), held.c)
    numbers = {"level": 0.0, "scale": 1.0, "spreads": trusted.spread.tolist()}
    numbers |= dict(zip(("t2", "t2_spread"), trusted.middle[0], strict=True))
    numbers |= dict(zip(("q", "q_spread"), trusted.middle[1], strict=True))
    numbers |= {"border": trusted.border, "limit": trusted.limit}
    lines = {"mean": trusted.mean.tolist(), "axes": trusted.axes.tolist()}
    lines |= {"std": [1.0] * 400, "pls": [0.0] * 400}
    own = TRAINED[train] | {"lines": lines, "numbers": numbers}
    # 予測はいつも学習の範囲の中なので、印は図形だけで決まる
    trusted.forecast = lambda X: np.full(len(X), known.c.mean())
    rows = np.concatenate(
        [held.counts[:20], RNG.poisson([expected(h) for h in SETTINGS])]
    )
    table = trusted.predict(np.sqrt(rows))
    for row, (_, said) in zip(rows, table.iterrows(), strict=True):
        _, page = bench.evaluate(READ, [own, row.tolist()])
        assert (page["mark"], page["why"]) == (said["mark"], said["why"])


def test_the_intervals_of_the_page_hold_on_new_specimens_of_their_own_condition():
    # 別の種の新しい試料 400 個。90 % の区間が、84 % より多く、97 % より少なく当たる
    for train in CONDITIONS:
        new = powder.measure(
            np.random.default_rng(99), 400, background=train != "clean"
        )
        for name, read in load_vacancy_readers(train).items():
            inside = np.abs(read(new.counts) - new.c) <= TRAINED[train]["radius"][name]
            assert 0.84 < inside.mean() < 0.97, (train, name)


def test_the_page_calls_an_interval_a_hit_only_when_it_holds_the_truth(bench):
    for seed in range(1, 9):
        how = SETTINGS[2] | {"seed": seed}
        found = bench.evaluate(STUDY, [CRYSTAL, TRAINED["background"], how])
        for answer in found["answers"]:
            assert answer["inside"] == (abs(answer["error"]) <= answer["radius"])
            np.testing.assert_allclose(answer["error"], answer["value"] - how["c"])


def test_the_sentence_says_every_answer_its_error_and_whether_the_interval_holds(call):
    found = {
        "answers": [
            {"label": "PLS", "value": 5.26, "error": 0.26, "inside": True},
            {"label": "CNN", "value": -2.0, "error": -7.0, "inside": False},
        ],
        "mark": "外",
        "why": "残差が大きい",
    }
    said = call("vacancies/vacancies.js", "describe", 5, found)
    assert "本当の空孔は 5.0 %" in said
    assert "PLS 5.3 %（+0.3、当たり）" in said
    assert "CNN −2.0 %（−7.0、外れ）" in said
    assert "印は「外」（残差が大きい）" in said


def test_a_background_that_the_models_never_saw_ruins_their_answers(mount, settled):
    page = mount(Vacancies(train="clean", ground=0.0))
    live = page.locator(".rf-live")
    assert "外れ" not in live.inner_text() and "「内」" in live.inner_text()
    page.get_by_role("slider", name="背景").press("End")
    settled()
    said = live.inner_text()
    errors = [
        float(e.replace("−", "-")) for e in re.findall(r"（([+−]?[\d.]+)、", said)
    ]
    assert len(errors) == 3 and max(map(abs, errors)) > 3 and "「外」" in said
    page.get_by_role("radio", name="背景あり").check()
    settled()
    assert live.inner_text() != said


def test_a_wrong_argument_is_named():
    with pytest.raises(ValueError, match="引数 train"):
        Vacancies(train="noise")
    with pytest.raises(ValueError, match="引数 c "):
        Vacancies(c=16)
