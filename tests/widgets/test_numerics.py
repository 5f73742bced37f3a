"""図の計算は、Chromium の中で NumPy に一致する。"""

import math
import random

import numpy as np
import pytest

TOLERANCE = 1e-5


def mulberry32(seed: int, count: int) -> list[float]:
    """同じ乱数を、Python の整数で計算したもの。"""
    mask, state, values = 0xFFFFFFFF, seed & 0xFFFFFFFF, []
    for _ in range(count):
        state = (state + 0x6D2B79F5) & mask
        z = ((state ^ state >> 15) * (state | 1)) & mask
        z ^= (z + (((z ^ z >> 7) * (z | 61)) & mask)) & mask
        values.append(((z ^ z >> 14) & mask) / 2**32)
    return values


@pytest.mark.parametrize("seed", [0, 1, -5, 2**31])
def test_the_random_numbers_are_mulberry32(bench, seed):
    script = "async (s) => { const r = (await import('/nn/numerics.js')).uniform(s); return Array.from({ length: 20 }, r); }"
    assert bench.evaluate(script, seed) == mulberry32(seed, 20)


def test_the_normal_numbers_have_mean_0_and_variance_1(bench):
    script = """async () => {
      const { uniform, normal } = await import("/nn/numerics.js");
      const draw = normal(uniform(7));
      return Array.from({ length: 20000 }, draw);
    }"""
    values = np.array(bench.evaluate(script))
    assert np.isfinite(values).all()
    assert abs(values.mean()) < 4 / math.sqrt(20000)
    assert abs(values.var() - 1) < 4 * math.sqrt(2 / 20000)
    # 正規分布では、絶対値が 1.96 を超えるのは 5 %
    assert abs((np.abs(values) > 1.96).mean() - 0.05) < 0.01


@pytest.mark.parametrize("length", [1, 2, 7, 10])
def test_the_median_equals_numpy(call, length):
    values = [random.Random(length).uniform(-5, 5) for _ in range(length)]
    assert call("nn/numerics.js", "median", values) == pytest.approx(np.median(values))


def test_the_input_series_are_what_their_names_say(call):
    t = np.arange(1, 31)
    series = {
        "impulse": (t == 1).astype(float),
        "constant": np.ones(30),
        "sine": np.sin(2 * np.pi * t / 10),
        "drawn": np.linspace(-1, 1, 30),
    }
    for kind, expected in series.items():
        found = call(
            "unrolled/unrolled_parts.js",
            "inputSeries",
            kind,
            30,
            series["drawn"].tolist(),
        )
        np.testing.assert_allclose(found, expected, atol=TOLERANCE)


@pytest.mark.parametrize(
    ("w_hh", "x", "says", "says_not"),
    [
        (0.5, "impulse", ["消えていきます", "10 分の 1"], ["符号", "飽和", "残り"]),
        (-0.5, "impulse", ["符号が一歩ごとに入れ替わり", "消えていきます"], ["残り"]),
        (1.4, "impulse", ["残り続けます"], ["符号", "消えて"]),
        (-1.5, "impulse", ["符号が一歩ごとに入れ替わり", "残り続けます"], ["消えて"]),
        (1.4, "constant", ["飽和しています"], ["消えて"]),
        (0.2, "sine", ["入力に合わせて"], ["飽和", "消えて"]),
    ],
)
def test_the_sentence_says_what_the_numbers_do(call, w_hh, x, says, says_not):
    series = np.zeros(20)
    series[:] = {
        "impulse": np.arange(20) == 0,
        "constant": 1,
        "sine": np.sin(0.6 * np.arange(20)),
    }[x]
    h, state = [], 0.0
    for value in series:
        state = math.tanh(value + w_hh * state)
        h.append(state)
    text = call("unrolled/unrolled_parts.js", "describe", series.tolist(), h)
    assert all(part in text for part in says), text
    assert not any(part in text for part in says_not), text


def test_an_input_that_has_only_just_stopped_is_not_called_lasting(call):
    x = [math.sin(2 * math.pi * t / 10) if t < 20 else 0.0 for t in range(1, 21)]
    h = [0.5 * v for v in x[:-1]] + [0.4]
    assert "入力に合わせて" in call("unrolled/unrolled_parts.js", "describe", x, h)


def test_the_sentence_gives_the_true_remainder(call):
    h = [0.8 * 0.9**k for k in range(6)]
    text = call("unrolled/unrolled_parts.js", "describe", [1, 0, 0, 0, 0, 0], h)
    assert f"{round(100 * 0.9**5)} %" in text


@pytest.mark.parametrize("kind", ["linear", "log"])
def test_a_scale_and_its_inverse_agree_with_the_formula(bench, kind):
    script = """async ([kind, domain, range, value]) => {
      const scale = (await import("/kit/scales.js"))[kind](domain, range);
      return [scale(value), scale.invert(scale(value)), scale.ticks(5)];
    }"""
    f = {"linear": float, "log": math.log10}[kind]
    pixel, back, ticks = bench.evaluate(script, [kind, [0.02, 300], [40, 500], 7.5])
    assert pixel == pytest.approx(40 + 460 * (f(7.5) - f(0.02)) / (f(300) - f(0.02)))
    assert back == pytest.approx(7.5)
    assert 2 <= len(ticks) <= 8
    assert all(0.02 <= tick <= 300 for tick in ticks)


@pytest.mark.parametrize(
    ("low", "high", "count", "expected"),
    [
        (-1.1, 1.1, 5, [-1, -0.5, 0, 0.5, 1]),
        (0, 200, 4, [0, 50, 100, 150, 200]),
        (15, 35, 4, [15, 20, 25, 30, 35]),
        (0.5, 10.5, 11, list(range(1, 11))),
    ],
)
def test_ticks_fall_on_round_numbers(call, low, high, count, expected):
    assert call("kit/scales.js", "niceTicks", low, high, count) == expected


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        (-0.0001, 2, "0.00"),
        (-1.25, 2, "−1.25"),
        (0.5, 3, "0.500"),
        (33.4151, 1, "33.4"),
    ],
)
def test_numbers_are_written_without_a_negative_zero(call, value, digits, text):
    assert call("kit/scales.js", "fixed", value, digits) == text


HEAT = """async () => {
  const { createPlot } = await import("/kit/plot.js");
  const parent = document.createElement("div");
  parent.style.width = "500px";
  document.body.replaceChildren(parent);
  const axis = { label: "x", domain: [0, 4], scale: "linear" };
  const { mounted } = await import("/kit/scope.js");
  let plot;
  mounted(() => { plot = createPlot(parent, { label: "升目", height: 200, x: axis, y: { ...axis } }); }).render({});
  plot.heat("red").set({ cells: [[0.5, 0.5, 0.25], [3.5, 3.5, 1]], dx: 1, dy: 1 });
  return [...plot.root.querySelectorAll("g rect")].map((r) => ["x", "y", "width", "height", "fill-opacity"].map((n) => Number(r.getAttribute(n))));
}"""


def test_the_cells_of_a_heat_map_lie_where_the_scales_put_them(bench):
    low, high = bench.evaluate(HEAT)
    left, right, top, bottom = 44, 500 - 14, 8, 200 - 40 - 22
    dx, dy = (right - left) / 4, (bottom - top) / 4
    np.testing.assert_allclose(low, [left, bottom - dy, dx, dy, 0.25], atol=1e-6)
    np.testing.assert_allclose(high, [right - dx, top, dx, dy, 1], atol=1e-6)
