"""忘却ゲートのダイヤル: 数は NumPy に等しく、どのつまみも図と文を変える。"""

import re

import numpy as np
import pytest

from rnnbook.widgets.forget_dial import ForgetDial

# 桁の落ちない σ と ln σ
GRID = np.linspace(-3, 8, 45)
LONG = np.longdouble


def log_sigmoid(b):
    return -np.log1p(np.exp(-LONG(b)))


def half_life(b) -> float:
    return float(np.log(LONG(0.5)) / log_sigmoid(b))


def log_remainder(b, t) -> float:
    """log10 σ(b)^t"""
    return float(t * log_sigmoid(b) / np.log(LONG(10)))


def spoken(page) -> str:
    page.evaluate(
        "() => new Promise((done) => requestAnimationFrame(() => setTimeout(done)))"
    )
    return page.locator(".rf-live").inner_text()


def told_numbers(page) -> tuple[float, float, float, int, float]:
    """文にある b_f、σ(b_f)、半減期、T、残るものの常用対数。"""
    html = page.locator(".rf-live").evaluate(
        """(p) => [...p.childNodes].map((n) => n.nodeName === "SUP" ? "e" + n.textContent : n.textContent).join("")"""
    )
    number = r"([−\d.]+)"
    found = re.search(
        rf"bf = {number} のとき σ\(bf\) = {number}、半減期 {number} 歩。T = {number} 歩後に残るのは {number}(?:×10e{number})? 倍です。",
        re.sub(r"\s+", " ", html),
    )
    b, f, half, T, digits, exponent = (
        float((g or "0").replace("−", "-")) for g in found.groups()
    )
    return b, f, half, int(T), np.log10(digits) + exponent


@pytest.mark.parametrize("name", ["logSigmoid", "halfLife"])
def test_the_gate_and_its_half_life_equal_numpy(call, name):
    reference = {"logSigmoid": log_sigmoid, "halfLife": half_life}[name]
    for b in GRID:
        assert call("nn/forget_gate.js", name, float(b)) == pytest.approx(
            float(reference(b)), rel=1e-12
        )


def test_what_is_left_equals_numpy_even_where_floats_end(call):
    for b in GRID[::4]:
        for t in (0, 1, 10, 100, 1000):
            found = call("nn/forget_gate.js", "logRemainder", float(b), t)
            assert found == pytest.approx(log_remainder(b, t), rel=1e-12, abs=1e-15)
    f = 1 / (1 + np.exp(3.0))
    assert f**1000 == 0  # 倍精度では 0
    assert call("nn/forget_gate.js", "logRemainder", -3, 1000) == pytest.approx(
        1000 * np.log10(f), rel=1e-12
    )


def test_after_a_half_life_one_half_is_left(call):
    for b in GRID:
        half = call("nn/forget_gate.js", "halfLife", float(b))
        left = 10 ** call("nn/forget_gate.js", "logRemainder", float(b), half)
        assert left == pytest.approx(0.5, rel=1e-12)


def test_the_remainder_is_the_gradient_that_autograd_finds(call):
    import torch

    b, T = 1.5, 12
    f = torch.sigmoid(torch.tensor(b, dtype=torch.float64))
    c = c0 = torch.tensor(0.3, dtype=torch.float64, requires_grad=True)
    for _ in range(T):
        c = f * c + 0.1
    (gradient,) = torch.autograd.grad(c, c0)
    left = 10 ** call("nn/forget_gate.js", "logRemainder", b, T)
    assert left == pytest.approx(gradient.item(), rel=1e-12)


@pytest.mark.parametrize("T", [3, 10, 100, 1000])
def test_the_chrono_half_life_is_close_to_T(call, T):
    b = call("nn/forget_gate.js", "chronoBias", T)
    assert b == pytest.approx(np.log(T - 1))
    # σ(ln(T − 1)) = 1 − 1/T
    f = np.exp(call("nn/forget_gate.js", "logSigmoid", b))
    assert f == pytest.approx(1 - 1 / T)


@pytest.mark.parametrize(
    ("value", "text"),
    [(1.0, "1"), (0.5, "0.5"), (0.0123, "0.012"), (0.95, "0.95"), (0.999, "0.999")],
)
def test_a_share_is_written_plainly_where_it_can_be(call, value, text):
    assert call("nn/forget_gate.js", "writePower", float(np.log10(value))) == text


@pytest.mark.parametrize("power", [-3.2, -13.605, -31.0, -4.00001, -1323.99])
def test_a_tiny_share_is_written_as_a_power_of_ten(call, power):
    text = call("nn/forget_gate.js", "writePower", power)
    digits, exponent = re.fullmatch(r"([\d.]+)×\$10\^\{(-\d+)\}\$", text).groups()
    assert 1 <= float(digits) < 10
    assert np.log10(float(digits)) + int(exponent) == pytest.approx(power, abs=0.03)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (99_960, "1.0×$10^{5}$"),  # 10.0×10⁴ ではなく
        (99_400, "9.9×$10^{4}$"),
        (9_996, "10000"),
        (9.97e-5, "1.0×$10^{-4}$"),
        (9.97e-4, "1.0×$10^{-3}$"),
    ],
)
def test_a_value_that_rounds_up_to_ten_moves_to_the_next_power(call, value, text):
    assert call("nn/forget_gate.js", "writePower", float(np.log10(value))) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1e-10, "$10^{-10}$"),
        (1e4, "$10^{4}$"),
        (1000, "1000"),
        (0.001, "0.001"),
        (0, "0"),
        (-3, "−3"),
        (2e-5, "0.00002"),
    ],
)
def test_a_tick_far_from_one_is_written_as_a_power(call, value, text):
    assert call("kit/scales.js", "tidy", value) == text


@pytest.mark.parametrize("low", [1e-2, 1e-8, 1e-16, 1e-50])
def test_a_logarithmic_scale_down_from_one_marks_one(bench, low):
    script = "async (low) => (await import('/kit/scales.js')).log([low, 1], [0, 100]).ticks(4)"
    ticks = bench.evaluate(script, low)
    assert 1 in ticks
    assert 2 <= len(ticks) <= 5
    assert len(np.unique(np.round(np.diff(np.log10(ticks)), 6))) == 1


def test_every_control_changes_the_sentence_and_the_numbers_are_those_of_numpy(opened):
    page = opened("dial")

    def agrees(b, T):
        spoken(page)
        told_b, f, half, told_T, power = told_numbers(page)
        assert told_b == pytest.approx(b, abs=5.1e-3)
        assert told_T == T
        assert f == pytest.approx(float(np.exp(log_sigmoid(b))), abs=5.1e-4)
        assert half == pytest.approx(half_life(b), rel=0.005, abs=0.051)
        assert power == pytest.approx(log_remainder(b, T), abs=0.03)

    agrees(0.5, 20)
    page.get_by_role("slider", name="忘却ゲートのバイアス").focus()
    page.keyboard.press("ArrowRight")
    agrees(0.55, 20)
    page.get_by_role("slider", name="系列長").focus()
    page.keyboard.press("End")
    agrees(0.55, 1000)
    for name, b in {
        "PyTorch": 0,
        "Keras": 1,
        "bf = 3": 3,
        "chrono": np.log(999),
    }.items():
        button = page.get_by_role("button", name=name)
        button.click()
        agrees(b, 1000)
        assert button.get_attribute("aria-pressed") == "true"
        assert page.locator("button[aria-pressed=true]").count() == 1
    page.get_by_role("slider", name="忘却ゲートのバイアス").focus()
    page.keyboard.press("Home")
    agrees(-3, 1000)
    assert "float32 では 0 になります" in spoken(page)


def test_a_click_on_the_dial_sets_the_bias(opened):
    page = opened("dial")
    svg = page.locator("svg").first.bounding_box()
    left, right = svg["x"] + 44, svg["x"] + svg["width"] - 14
    page.mouse.click(left + (right - left) * (5 + 3) / 11, svg["y"] + 60)
    spoken(page)
    assert told_numbers(page)[0] == pytest.approx(5, abs=0.06)


PATHS = """() => [...document.querySelectorAll("svg")].map((s) => [...s.querySelectorAll("path[d^=M]")].map((p) => p.getAttribute("d")).join("|"))"""


def test_every_control_changes_every_picture(opened):
    page = opened("dial")
    for name in ("忘却ゲートのバイアス", "系列長"):
        before = page.evaluate(PATHS)
        page.get_by_role("slider", name=name).focus()
        page.keyboard.press("ArrowRight")
        spoken(page)
        after = page.evaluate(PATHS)
        assert len(after) == 3
        changed = [a != b for a, b in zip(before, after, strict=True)]
        # b_f は三つとも、T は chrono の印と、下の二つ
        assert changed == [True, True, True], name


@pytest.mark.parametrize(("b_f", "T"), [(1.0, 100), (6.0, 1000), (-3.0, 1000)])
def test_the_curves_are_drawn_where_the_formula_says(mount, b_f, T):
    page = mount(ForgetDial(b_f=b_f, T=T))
    line = page.locator("svg").nth(1).locator("path.rf-line").nth(1)
    points = np.array(
        [p.split(",") for p in line.get_attribute("d")[1:].split("L")], dtype=float
    )
    width = page.locator("svg").nth(1).bounding_box()["width"]
    t = T * np.arange(201) / 200
    left = points[0, 0]
    np.testing.assert_allclose(
        points[:, 0], left + (width - 14 - left) * t / T, atol=0.06
    )
    f_t = np.array([10 ** log_remainder(b_f, step) for step in t])
    low, high = 216 - 40 - 22, 8
    np.testing.assert_allclose(points[:, 1], low - (low - high) * f_t, atol=0.06)
    # 対数の目盛りでは、原点から出る直線
    gradient = page.locator("svg").nth(2).locator("path.rf-line").first
    first, second = gradient.get_attribute("d")[1:].split("L")
    left, top = (float(v) for v in first.split(","))
    assert 44 <= left < 70 and top == 8.0  # 左は、目盛りの数字の幅による
    assert float(second.split(",")[0]) <= width - 14 + 0.06


@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        ({"b_f": 8.5}, "b_f"),
        ({"b_f": float("nan")}, "b_f"),
        ({"b_f": "1"}, "b_f"),
        ({"T": 0}, "T"),
        ({"T": 1001}, "T"),
        ({"T": 2.5}, "T"),
    ],
)
def test_a_wrong_argument_is_named_in_japanese(arguments, name):
    with pytest.raises(ValueError, match=rf"引数 {name} は.*です。"):
        ForgetDial(**arguments)


def test_a_T_between_the_stops_of_the_slider_is_kept(mount):
    page = mount(ForgetDial(b_f=2, T=784))
    assert "T = 784 歩後" in spoken(page)
