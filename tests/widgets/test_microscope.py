"""勾配顕微鏡: ページの中の順伝播と逆伝播が描く数は NumPy と同じで、どのつまみも図と文を変える。"""

import math
import re

import numpy as np
import pandas as pd
import pytest

from rnnbook.cells import gradients, initial
from rnnbook.cells.gru import GRUParams, gru_forward
from rnnbook.cells.lstm import LSTMParams, lstm_forward
from rnnbook.cells.rnn import RNNParams, rnn_forward
from rnnbook.widgets.gradient_microscope import GradientMicroscope
from rnnbook.widgets.gradient_microscope import gradient_microscope as microscope

H = 8
SETTINGS = {
    "cell": "rnn",
    "T": 40,
    "rho": 0.9,
    "activation": "tanh",
    "b_f": 1.0,
    "b_z": 0.0,
    "seed": 0,
}

# ページの図が使う関数そのもので、ネットワークを作り、特異値を求める
LOOK = """async (settings) => {
  const parts = await import("/gradient_microscope/microscope_parts.js");
  const { xs, params } = parts.randomNetwork(settings);
  const { spectra } = parts.look(settings);
  return {
    xs: [...xs],
    params: Object.fromEntries(Object.entries(params).map(([k, w]) => [k, typeof w === "string" ? w : [...w]])),
    t: spectra.map(({ t }) => t),
    logs: spectra.map(({ logs }) => [...logs].map((v) => (Number.isFinite(v) ? v : null))),
    lines: parts.theory(settings, params),
  };
}"""

# 乱数の行列を行ごとに一列にして、linalg.js に渡す
LINALG = """async ([name, values, rest]) => {
  const found = (await import("/nn/linalg.js"))[name](Float64Array.from(values), ...rest);
  return typeof found === "number" ? found : [...found];
}"""


@pytest.fixture
def looked(bench):
    """looked(cell="lstm", …) は、ページのネットワークと、その特異値。"""
    return lambda **changes: bench.evaluate(LOOK, SETTINGS | changes)


@pytest.fixture
def linalg(bench):
    """linalg("singularValues", 行列, 引数…) を Chromium の中で計算します。"""
    return lambda name, W, *rest: bench.evaluate(
        LINALG, [name, np.ravel(W).tolist(), list(rest)]
    )


def in_numpy(cell: str, found: dict):
    """ページのネットワークと同じ重みと入力の、NumPy の順伝播の記録。"""
    weights = {}
    for name, value in found["params"].items():
        shape = {"W_x": (H, 1), "W_h": (H, H), "b_": (H,)}
        is_weight = not isinstance(value, str)
        kind = name[:2] if name.startswith("b_") else name[:3]
        weights[name] = np.reshape(value, shape[kind]) if is_weight else value
    x = np.reshape(found["xs"], (1, -1, 1))
    make, forward = {
        "rnn": (RNNParams, rnn_forward),
        "lstm": (LSTMParams, lstm_forward),
        "gru": (GRUParams, gru_forward),
    }[cell]
    params = make(**weights)
    return forward(x, params), params


NETWORKS = [
    {"cell": "rnn", "rho": 0.5},
    {"cell": "rnn", "rho": 1.5, "seed": 3},
    {"cell": "rnn", "rho": 1.4, "activation": "relu"},
    {"cell": "rnn", "rho": 2.0, "activation": "identity", "T": 300},
    {"cell": "rnn", "T": 1},
    {"cell": "rnn", "T": 2},
    {"cell": "lstm", "b_f": 0.0},
    # b_f がもっと大きいと、c が伸びて 1 − tanh² c の桁が落ち、NumPy とも丸めの分だけ違う
    {"cell": "lstm", "b_f": 3.0, "T": 300, "seed": 7},
    {"cell": "gru", "b_z": -4.0},
    {"cell": "gru", "b_z": 1.0, "T": 100, "seed": 9},
]


@pytest.mark.parametrize("changes", NETWORKS, ids=str)
def test_the_norms_of_the_page_equal_those_of_numpy(looked, changes):
    found = looked(**changes)
    trace, params = in_numpy(changes["cell"], found)
    expected = gradients.gradient_norms(trace, params)
    at = np.array(found["t"]) - 1
    assert at[0] == 0 and at[-1] == len(expected) - 1
    largest = np.array([row[0] for row in found["logs"]], dtype=float)
    np.testing.assert_allclose(largest, np.log10(expected[at]), rtol=0, atol=1e-8)


@pytest.mark.parametrize("changes", NETWORKS, ids=str)
def test_every_singular_value_that_numpy_can_see_equals_that_of_the_page(
    looked, changes
):
    found = looked(**changes)
    trace, params = in_numpy(changes["cell"], found)
    at = np.array(found["t"]) - 1
    expected = gradients.singular_values(trace, params)[at]
    seen = (
        expected > 1e-9 * expected[:, :1]
    )  # これより小さい値は、NumPy では丸めに埋もれる
    logs = np.array(
        [[v if v is not None else -np.inf for v in row] for row in found["logs"]]
    )
    np.testing.assert_array_equal(logs, -np.sort(-logs, axis=1))  # 大きい順
    np.testing.assert_allclose(logs[seen], np.log10(expected[seen]), rtol=0, atol=1e-5)


@pytest.mark.parametrize("rho", [0.2, 0.5, 0.8])
def test_values_far_below_the_smallest_float_are_those_of_the_determinants(looked, rho):
    found = looked(cell="rnn", rho=rho, T=300)
    trace, params = in_numpy("rnn", found)
    steps = gradients.step_jacobians(trace, params)
    # Σ log σ = Σ_t log |det J_t|。NumPy の特異値では、積が桁落ちして求まらない
    _, dets = np.linalg.slogdet(steps[1:])
    total = sum(found["logs"][0])
    assert total == pytest.approx(dets.sum() / math.log(10), rel=1e-9)
    assert found["logs"][0][-1] < -180


def test_a_rank_that_is_lost_is_a_singular_value_of_zero(looked):
    found = looked(cell="rnn", activation="relu", rho=1.0)
    trace, params = in_numpy("rnn", found)
    values = gradients.singular_values(trace, params)[0]
    rank = int((values > 1e-14 * values[0]).sum())
    assert 1 <= rank < H
    assert [v is None for v in found["logs"][0]] == [False] * rank + [True] * (H - rank)


def test_the_lines_of_theory_are_those_of_their_names(looked):
    radius, bound = looked(rho=0.8)["lines"]
    W_hh = np.reshape(looked(rho=0.8)["params"]["W_hh"], (H, H))
    assert initial.spectral_radius(W_hh) == pytest.approx(0.8, rel=1e-9)
    assert radius["slope"] == pytest.approx(math.log10(0.8))
    assert bound["slope"] == pytest.approx(math.log10(np.linalg.norm(W_hh, 2)))
    sigmoid = lambda b: 1 / (1 + math.exp(-b))  # noqa: E731
    (lstm,) = looked(cell="lstm", b_f=2.0)["lines"]
    assert lstm["slope"] == pytest.approx(math.log10(sigmoid(2.0)))
    (gru,) = looked(cell="gru", b_z=-2.0)["lines"]
    assert gru["slope"] == pytest.approx(math.log10(1 - sigmoid(-2.0)))
    assert all("直接の道だけ" in line["name"] for line in (lstm, gru))


def test_the_norm_of_the_rnn_stays_below_the_bound_for_every_activation(looked):
    for activation in ("tanh", "relu", "identity"):
        found = looked(activation=activation, rho=1.2, T=60)
        slope = found["lines"][1]["slope"]
        for t, logs in zip(found["t"], found["logs"], strict=True):
            assert logs[0] <= slope * (60 - t) + 1e-9


@pytest.mark.parametrize(
    ("name", "value"),
    [("rho", 1.1), ("b_f", 4.0), ("b_z", -3.0), ("seed", 5), ("activation", "relu")],
)
def test_a_setting_changes_the_network_only_where_it_belongs(looked, name, value):
    owners = {"rho": "rnn", "activation": "rnn", "b_f": "lstm", "b_z": "gru"}
    for cell in ("rnn", "lstm", "gru"):
        moved = looked(cell=cell)["logs"] != looked(cell=cell, **{name: value})["logs"]
        assert moved == (owners.get(name, cell) == cell)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("shape", [(1, 1), (3, 3), (4, 9), (16, 16), (32, 32)])
def test_singular_values_equal_numpy(linalg, shape, seed):
    A = np.random.default_rng(seed).normal(size=shape)
    expected = np.linalg.svd(A, compute_uv=False)
    found = linalg("singularValues", A, shape[0])
    np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-12)
    assert linalg("spectralNorm", A, shape[0]) == pytest.approx(expected[0], rel=1e-12)


def test_singular_values_of_equal_and_of_vanishing_size_are_found(linalg):
    rng = np.random.default_rng(0)
    Q = initial.orthogonal(8, rng)
    np.testing.assert_allclose(linalg("singularValues", Q, 8), np.ones(8), rtol=1e-12)
    low = rng.normal(size=(8, 3)) @ rng.normal(size=(3, 8))
    found = np.array(linalg("singularValues", low, 8))
    np.testing.assert_allclose(found, np.linalg.svd(low)[1], rtol=1e-9, atol=1e-13)
    assert linalg("singularValues", np.zeros((3, 3)), 3) == [0, 0, 0]


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("n", [1, 2, 5, 16, 32])
def test_the_spectral_radius_equals_the_eigenvalues_of_numpy(linalg, n, seed):
    W = np.random.default_rng(seed).normal(size=(n, n))
    expected = abs(np.linalg.eigvals(W)).max()
    assert linalg("spectralRadius", W) == pytest.approx(expected, rel=1e-9)
    scaled = np.reshape(linalg("withSpectralRadius", W, 0.7), (n, n))
    np.testing.assert_allclose(scaled, W * (0.7 / expected), rtol=1e-9)


@pytest.mark.parametrize(
    ("W", "radius"),
    [
        ([[0, -1.5], [1.5, 0]], 1.5),  # 虚数の固有値
        ([[2, 100], [0, 2]], 2),  # 重なった固有値
        ([[0, 1], [0, 0]], 0),  # べき零
        ([[1e-9, 0], [0, 1e-12]], 1e-9),
        ([[3, 0], [0, -3]], 3),
    ],
)
def test_the_spectral_radius_of_matrices_that_trouble_the_power_method(
    linalg, W, radius
):
    assert linalg("spectralRadius", W) == pytest.approx(radius, rel=1e-9)


TABLE = pd.DataFrame(
    [
        ("latch", model, T, seed, 100.0 if seed < solved else None)
        for model, counts in {
            "rnn": {10: 10, 50: 4, 200: 0},
            "irnn": {10: 9, 50: 8},
            "lstm_b0": {10: 10, 50: 2},
            "lstm_b1": {10: 10, 50: 3},
            "lstm_b3": {10: 10, 50: 7},
            "lstm_chrono": {10: 10, 50: 10},
            "gru": {10: 10, 50: 6},
        }.items()
        for T, solved in counts.items()
        for seed in range(10)
    ]
    + [("order", "rnn", 50, 0, 100.0)],
    columns=["task", "model", "T", "seed", "solved_at"],
)


def test_the_seeds_that_solved_the_latch_are_counted_per_model_and_length():
    solved = microscope._solved(TABLE)
    assert solved["rnn"] == [[10, 10, 10], [50, 4, 10], [200, 0, 10]]
    assert solved["irnn"] == [[10, 9, 10], [50, 8, 10]]
    for (model, T), runs in TABLE.query("task == 'latch'").groupby(["model", "T"]):
        for count, seeds in (row[1:] for row in solved[model] if row[0] == T):
            assert (count, seeds) == (runs["solved_at"].notna().sum(), len(runs))


@pytest.mark.parametrize(
    ("changes", "model", "T", "solved"),
    [
        ({"cell": "rnn", "T": 40}, "tanh の RNN", 50, 4),
        ({"cell": "rnn", "T": 20}, "tanh の RNN", 10, 10),
        ({"cell": "rnn", "T": 300}, "tanh の RNN", 200, 0),
        ({"cell": "rnn", "T": 300, "activation": "relu"}, "IRNN", 50, 8),
        ({"cell": "lstm", "b_f": -2.0}, "$b_f$ = 0 から始めた LSTM", 50, 2),
        ({"cell": "lstm", "b_f": 1.75}, "$b_f$ = 1 から始めた LSTM", 50, 3),
        ({"cell": "lstm", "b_f": 6.0}, "$b_f$ = 3 から始めた LSTM", 50, 7),
        ({"cell": "gru"}, "GRU", 50, 6),
    ],
)
def test_the_trained_result_is_of_the_like_model_at_the_nearest_length(
    call, changes, model, T, solved
):
    settings = SETTINGS | changes
    text = call(
        "gradient_microscope/microscope_parts.js",
        "describeTrained",
        settings,
        microscope._solved(TABLE),
    )
    assert f"系列長 {T} のラッチを" in text
    assert text.startswith(model)
    assert f" 10 個中 {solved} 個" in text


def test_every_length_is_told_with_its_own_number_of_seeds(call):
    solved = {"rnn": [[10, 10, 10], [50, 21, 40], [200, 9, 40]]}
    text = call(
        "gradient_microscope/microscope_parts.js",
        "describeTrained",
        SETTINGS | {"cell": "rnn", "activation": "tanh", "T": 60},
        solved,
    )
    assert "系列長 50 のラッチを 40 個中 21 個" in text
    assert "10 では 10 個中 10 個、200 では 40 個中 9 個" in text


def test_a_model_that_was_not_trained_is_said_to_be_so(call):
    settings = SETTINGS | {"activation": "identity"}
    for table, wanted in ((microscope._solved(TABLE), settings), ({}, SETTINGS)):
        text = call(
            "gradient_microscope/microscope_parts.js", "describeTrained", wanted, table
        )
        assert "学習させていません" in text


SAY = """async ([settings, logs]) => (await import("/gradient_microscope/microscope_parts.js"))
  .describeGradient(settings, [{ t: 1, logs: Float64Array.from(logs, (v) => v ?? -Infinity) }])"""


@pytest.mark.parametrize(
    ("logs", "says", "says_not"),
    [
        (
            [-9.5, -12.4, -13],
            ["$h_1$", "$h_{40}$", "3.2×$10^{-10}$ 倍しか", "勾配消失", "3 のうち 2"],
            ["爆発"],
        ),
        (
            [6.3, 0.0, None],
            ["2.0×$10^{6}$ 倍動きます", "勾配爆発", "3 のうち 1"],
            ["消失"],
        ),
        ([0.1, 0, -1], ["1.26 倍動きます", "消えも爆発もしていません"], ["勾配"]),
        ([-2.0, -2, -2], ["0.01 倍動きます", "まだ届いています"], ["勾配"]),
        ([2.0, 0, 0], ["100 倍動きます", "大きくなっています"], ["勾配"]),
        ([-310.0, -311, None], ["$10^{-300}$ 倍より小さく", "勾配消失"], ["爆発"]),
        ([None, None, None], ["まったく動きません"], ["爆発", "Infinity", "NaN"]),
    ],
)
def test_the_sentence_says_what_the_singular_values_are(bench, logs, says, says_not):
    text = bench.evaluate(SAY, [SETTINGS, logs])
    assert all(part in text for part in says), text
    assert not any(part in text for part in says_not), text
    assert "c_1" in bench.evaluate(SAY, [SETTINGS | {"cell": "lstm"}, logs])


@pytest.fixture
def figure(monkeypatch):
    """figure(cell="lstm", …) は、小さな表で作った図。"""
    monkeypatch.setattr(microscope.data, "load", lambda name: TABLE)
    return GradientMicroscope


def spoken(page) -> str:
    page.evaluate(
        "() => new Promise((done) => requestAnimationFrame(() => setTimeout(done)))"
    )
    return page.locator(".rf-live").inner_text()


def shown(page) -> tuple[str, ...]:
    """見えている線、帯、点と、文。"""
    spoken(page)
    paths = page.locator(".rf-plot svg path").evaluate_all(
        """(all) => all.filter((p) => p.style.display !== "none" && !p.closest("defs")).map((p) => p.getAttribute("d"))"""
    )
    return (*paths, page.locator(".rf-live").inner_text())


def slider(page, label: str):
    return page.get_by_role("slider", name=label)


@pytest.mark.parametrize(
    ("cell", "label"),
    [
        ("rnn", "系列長"),
        ("rnn", "スペクトル半径"),
        ("rnn", "重みと入力の種"),
        ("lstm", "忘却ゲートのバイアス"),
        ("lstm", "重みと入力の種"),
        ("gru", "更新ゲートのバイアス"),
        ("gru", "系列長"),
    ],
)
def test_every_slider_changes_the_picture_and_the_sentence(mount, figure, cell, label):
    page = mount(figure(cell=cell))
    before = shown(page)
    slider(page, label).focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    after = shown(page)
    assert before[-1] != after[-1]
    assert sum(a != b for a, b in zip(before, after, strict=True)) >= 4


def test_every_choice_changes_the_picture(mount, figure):
    page = mount(figure(T=30))
    seen = [shown(page)]
    for label in ("ReLU", "恒等写像", "LSTM", "GRU", "RNN"):
        page.get_by_role("radio", name=label, exact=True).check()
        seen.append(shown(page))
    assert len({paths for paths in seen}) == 5  # 最後は、恒等写像の RNN に戻る
    assert seen[2] == seen[5]


@pytest.mark.parametrize(
    ("cell", "own"),
    [
        ("rnn", {"スペクトル半径"}),
        ("lstm", {"忘却ゲートのバイアス"}),
        ("gru", {"更新ゲートのバイアス"}),
    ],
)
def test_only_the_controls_of_the_cell_can_be_reached(mount, figure, cell, own):
    page = mount(figure(cell=cell))
    for label in ("スペクトル半径", "忘却ゲートのバイアス", "更新ゲートのバイアス"):
        assert slider(page, label).count() == (1 if label in own else 0)
    assert page.get_by_role("radio", name="ReLU").count() == (cell == "rnn")


def to_power(text: str) -> float:
    """「3.2×10−9」か「0.0014」。"""
    mantissa, _, power = text.replace("−", "-").partition("×10")
    return float(mantissa) * 10.0 ** int(power or 0)


@pytest.mark.parametrize(
    "changes",
    [
        {"cell": "rnn", "rho": 0.7, "T": 60},
        {"cell": "rnn", "rho": 2.0, "activation": "identity", "T": 60},
        {"cell": "lstm", "b_f": 2.0, "T": 60, "seed": 2},
        {"cell": "gru", "b_z": -2.0, "T": 60},
    ],
    ids=str,
)
def test_the_number_that_is_told_is_the_norm_numpy_finds(
    mount, figure, looked, changes
):
    found = looked(**changes)
    trace, params = in_numpy(changes["cell"], found)
    expected = gradients.gradient_norms(trace, params)[0]
    text = spoken(mount(figure(**changes)))
    told = re.search(r"最大で (\S+) 倍", text)[1]
    assert to_power(told) == pytest.approx(expected, rel=0.06)


def test_the_line_that_is_drawn_is_the_logarithm_of_the_norms(mount, figure, looked):
    page = mount(figure(T=50, rho=0.9))
    found = looked(T=50, rho=0.9)
    drawn = page.locator(".rf-plot svg").first.locator(
        "path.rf-line:not(.rf-thin):not(.rf-dashed):not(.rf-dotted)"
    )
    (path,) = [
        d
        for d in drawn.evaluate_all(
            "(all) => all.filter((p) => p.style.display !== 'none').map((p) => p.getAttribute('d'))"
        )
        if d
    ]
    pixels = np.array([[float(v) for v in p.split(",")] for p in path[1:].split("L")])
    values = np.array([found["t"], [row[0] for row in found["logs"]]])
    for column in (0, 1):
        fit = np.polynomial.Polynomial.fit(values[column], pixels[:, column], 1)
        assert abs(fit(values[column]) - pixels[:, column]).max() < 0.2


def test_the_page_says_that_the_trained_network_is_another_one(mount, figure):
    page = mount(figure(cell="gru", T=45))
    text = page.locator(".rf-aside").inner_text()
    assert "系列長 50 のラッチ" in text and "10 個中 6 個" in text
    assert "別のネットワーク" in text


@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        ({"cell": "elman"}, "cell"),
        ({"T": 0}, "T"),
        ({"T": 301}, "T"),
        ({"T": 2.5}, "T"),
        ({"rho": 0.1}, "rho"),
        ({"rho": "1"}, "rho"),
        ({"activation": "sigmoid"}, "activation"),
        ({"b_f": 7}, "b_f"),
        ({"b_z": float("nan")}, "b_z"),
        ({"seed": 10}, "seed"),
        ({"seed": True}, "seed"),
    ],
)
def test_a_wrong_argument_is_named_in_japanese(figure, arguments, name):
    with pytest.raises(ValueError, match=rf"引数 {name} は.*です。"):
        figure(**arguments)


def test_the_representation_shows_only_what_the_cell_uses(figure):
    assert repr(figure(T=20, rho=0.5, b_f=3)) == ("GradientMicroscope(T=20, rho=0.5)")
    assert repr(figure(cell="gru", b_z=-1)) == (
        "GradientMicroscope(cell='gru', b_z=-1.0)"
    )


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
@pytest.mark.parametrize("width", [320, 480])
def test_the_whole_figure_is_legible_at_every_width(
    mount, figure, settled, cell, width
):
    page = mount(figure(cell=cell))
    page.set_viewport_size({"width": width, "height": 740})
    settled()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    for holder in page.locator(".rf-plot").all():
        box, svg = holder.bounding_box(), holder.locator("svg").bounding_box()
        assert svg["width"] == pytest.approx(box["width"], abs=1)
    sizes = page.evaluate(
        """() => [...document.querySelectorAll(".rnnbook-figure *")]
          .filter((e) => !e.closest("sub, sup, .rf-sub, .rf-sup") && [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim()))
          .map((e) => parseFloat(getComputedStyle(e).fontSize))"""
    )
    assert min(sizes) >= 12
    heights = page.locator(
        ".rnnbook-figure :is(input[type=range], .rf-choice label):visible"
    )
    assert (
        min(
            heights.evaluate_all(
                "(all) => all.map((e) => e.getBoundingClientRect().height)"
            )
        )
        >= 40
    )


def test_a_figure_taken_off_the_page_stops_listening(detached, figure):
    left = detached(figure())
    assert left["lines"] >= 4
    assert left["listeners"] == 0


@pytest.mark.parametrize(
    ("T", "smallest"),
    [(100, "最小の特異値（1e-16 は、それより小さい値）"), (3, "最小の特異値")],
)
def test_the_table_says_which_values_lie_at_the_lower_edge(
    page, mount_script, traits_of, T, smallest
):
    figure = GradientMicroscope(T=T)
    page.evaluate(mount_script, [figure._esm, figure._css, traits_of(figure)])
    with page.expect_download() as waiting:
        page.get_by_role("button", name="図の値を CSV で").click()
    table = pd.read_csv(waiting.value.path(), skiprows=1)
    names = list(table["系列"].unique())
    assert smallest in names
    assert {"ρ^T−t", "上界 ‖W_hh‖^T−t"} <= set(names)  # 破線と点線の、式の名
