"""並列スキャンの木: ページの中の計算は Python に等しく、木は選んだ時刻までの歩を一度ずつ使います。"""

import re

import numpy as np
import pandas as pd
import pytest
import torch
from scipy.special import expit

from rnnbook.cells import scan
from rnnbook.materials.portable_random import Portable
from rnnbook.models.scan import logarithmic
from rnnbook.widgets.scan_tree import ScanTree

MODULE = "scan_tree/scan.js"
LENGTHS = [1, 2, 3, 7, 8, 33, 64]


def drawn(seed: int, T: int, bias: float) -> tuple[np.ndarray, np.ndarray]:
    """ページと同じ乱数の k と v (T,)。"""
    k, v = Portable(seed).standard_normal(2 * T).reshape(T, 2).T
    return bias + k, v


def step_pairs(k: np.ndarray, v: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """minGRU の組 a と b (T,)。"""
    return expit(-k), expit(k) * np.where(v >= 0, v + 0.5, expit(v))


def as_steps(a: np.ndarray, b: np.ndarray) -> list[dict[str, float]]:
    return [{"a": x, "b": y} for x, y in zip(a.tolist(), b.tolist(), strict=True)]


@pytest.mark.parametrize("bias", [-4, 0, 8])
def test_the_page_draws_the_pairs_that_python_draws(call, bias):
    page = call(MODULE, "draw", 3, 20, bias)
    k, v = drawn(3, 20, bias)
    np.testing.assert_allclose([each["k"] for each in page], k, rtol=1e-12)
    np.testing.assert_allclose([each["v"] for each in page], v, rtol=1e-12)
    a, b = step_pairs(k, v)
    found = call(MODULE, "pairs", page)
    np.testing.assert_allclose([each["a"] for each in found], a, rtol=1e-12)
    np.testing.assert_allclose([each["b"] for each in found], b, rtol=1e-12)


@pytest.mark.parametrize("T", LENGTHS)
def test_every_pair_of_every_stage_is_that_of_the_python_scan(call, T):
    rng = np.random.default_rng(T)
    a, b = rng.normal(size=(2, T))  # 符号は問わない
    stages = call(MODULE, "doublingSteps", as_steps(a, b))
    expected = scan.doubling_steps(a, b)
    assert len(stages) == len(expected)
    for found, (A, B) in zip(stages, expected, strict=True):
        np.testing.assert_allclose([each["a"] for each in found], A, rtol=1e-12)
        np.testing.assert_allclose([each["b"] for each in found], B, rtol=1e-12)
    h = call(MODULE, "inOrder", as_steps(a, b))
    np.testing.assert_allclose(h, scan.scan_in_order(a, b), rtol=1e-12)
    np.testing.assert_allclose(h, [each["b"] for each in stages[-1]], atol=1e-9)


@pytest.mark.parametrize("T", LENGTHS)
def test_the_counts_are_those_of_python(call, T):
    page = call(MODULE, "workAndDepth", T)
    assert {
        "in_order": tuple(page["inOrder"]),
        "doubling": tuple(page["doubling"]),
    } == (scan.work_and_depth(T))


@pytest.mark.parametrize(("T", "t"), [(1, 1), (8, 7), (8, 8), (13, 9), (64, 47)])
def test_the_marked_pairs_cover_every_step_up_to_the_chosen_one_once(call, T, t):
    stages = call(MODULE, "ancestors", T, t)
    assert stages[0] == list(range(1, t + 1)) and stages[-1] == [t]
    for stage, places in enumerate(stages):
        for p in places:
            low, high = call(MODULE, "span", p, stage)
            assert high == p and 1 <= low <= p
        # どの段でも、その段までにつないだ範囲の端（幅の分だけ前）が、印にあるか、1 より前
        if stage:
            width = 2 ** (stage - 1)
            below = {q for p in places for q in (p, p - width) if q >= 1}
            assert set(stages[stage - 1]) == below
    # 値でも確かめる: t の値は、1 から t の歩だけで決まり、どれが変わっても変わる
    rng = np.random.default_rng(0)
    a, b = rng.uniform(0.5, 1, (2, T))
    h = scan.scan_doubling(a, b)[t - 1]
    for p in range(1, T + 1):
        moved = b.copy()
        moved[p - 1] += 1
        assert (scan.scan_doubling(a, moved)[t - 1] != h) == (p <= t)


@pytest.mark.parametrize(("bias", "loses"), [(-4, False), (0, False), (8, True)])
def test_the_errors_in_32_bits_are_those_of_pytorch(call, bias, loses):
    page = call(MODULE, "errors", call(MODULE, "draw", 1, 64, bias))
    k, v = drawn(1, 64, bias)
    a, b = step_pairs(k, v)
    truth = scan.scan_in_order(a, b)
    K, V = (torch.tensor(each, dtype=torch.float32)[None, :, None] for each in (k, v))
    g = torch.where(V >= 0, V + 0.5, torch.sigmoid(V))
    h = logarithmic(
        -torch.nn.functional.softplus(K),
        -torch.nn.functional.softplus(-K) + g.log(),
    )
    theirs = np.abs(h[0, :, 0].numpy() - truth) / truth
    # 丸めの向きは exp と log の作りで変わるので、大きさだけを比べる
    assert theirs.max() / 5 < page["logarithmic"] < 5 * theirs.max()
    assert page["inOrder"] < 1e-6 and page["doubling"] < 1e-6
    assert (page["logarithmic"] > 1e-5) == loses


@pytest.mark.parametrize("t", [1, 2, 7, 8])
def test_the_equations_of_the_tree_and_of_the_chain_end_in_the_same_number(call, t):
    a, b = step_pairs(*drawn(1, 8, 0))
    texts = call("scan_tree/scan_tree.js", "equations", as_steps(a, b), t)
    h = scan.scan_in_order(a, b)[t - 1]
    ends = [re.search(r"= (\d\.\d{4})$", text) for text in texts]
    told = [float(end[1]) for end in ends if end]
    assert len(told) == (1 if t == 1 else 2)
    np.testing.assert_allclose(told, h, atol=5.1e-5)


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0"), (3.2e-5, "3×$10^{-5}$"), (9.7e-8, "1×$10^{-7}$")],
)
def test_a_small_number_is_written_as_a_power_of_ten(call, value, text):
    assert call("scan_tree/scan_tree.js", "powerOfTen", value) == text


def test_a_longer_series_and_a_tap_change_what_is_said_and_marked(mount, settled):
    page = mount(ScanTree())
    live = page.locator(".rf-live")
    assert "順に求めると 7 段で、つなぐのは 7 回です。木では 3 段で、17 回" in (
        live.inner_text()
    )
    page.get_by_role("slider", name="系列長").press("End")
    settled()
    assert "63 段" in live.inner_text() and "木では 6 段で、321 回" in live.inner_text()
    tree = page.locator(".rf-scan svg").first
    box = tree.bounding_box()
    page.mouse.click(box["x"] + box["width"] - 8, box["y"] + 60)
    settled()
    assert page.get_by_role("slider", name="見る時刻").input_value() == "64"
    used = tree.locator(".rf-dot.rf-used").count()
    assert used == 64 + 32 + 16 + 8 + 4 + 2 + 1
    said = re.sub(r"\s", "", live.inner_text())
    assert re.search(r"順に\d×10−\d、木で\d×10−\d、対数の上では\d×10−\d", said)


def test_the_table_holds_the_value_of_every_point_of_the_tree_and_of_the_chain(mount):
    page = mount(ScanTree(T=5, t=3, seed=2))
    with page.expect_download() as waiting:
        page.get_by_role("button", name="図の値を CSV で").click()
    table = pd.read_csv(waiting.value.path(), comment="#")
    pairs = step_pairs(*drawn(2, 5, 0))
    tree = table[table["図"] == "組をつなぐ木"].pivot(
        index="段", columns="時刻 t", values="つないだ組の B"
    )
    np.testing.assert_allclose(tree, [B for _, B in scan.doubling_steps(*pairs)])
    chain = table[table["図"] == "順に求める鎖"]
    assert chain["段"].tolist() == [0, 1, 2, 3, 4]
    np.testing.assert_allclose(chain["h_t"], scan.scan_in_order(*pairs))


def test_a_wrong_argument_is_named():
    with pytest.raises(ValueError, match="引数 t"):
        ScanTree(T=4, t=5)
    with pytest.raises(ValueError, match="引数 T"):
        ScanTree(T=65)
