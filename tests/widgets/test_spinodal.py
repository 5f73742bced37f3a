"""温度の折れ線の図: ページの中の模型と予測は Python に等しく、点は引いてもキーでも動き、言う数は計算した数です。"""

import re

import numpy as np
import pytest

from rnnbook.experiments import spinodal_page
from rnnbook.materials import spinodal
from rnnbook.widgets.spinodal import Spinodal

FIGURE = Spinodal()
MODEL, WEIGHTS = FIGURE.model, FIGURE.weights
KNOTS = ([0.6, 0.9, 0.7, 0.65, 0.9], [0.95, 0.55, 0.8, 0.95, 0.6])

# 求めた画面は Float64Array なので、並びにしてから返す
SIMULATE = """async ([model, seed, T]) => { const m = await import('/spinodal/field.js');
  const { fields, C } = m.simulate(model, seed, T); return { C, fields: fields.map((c) => [...c]), size: C.map(m.length) }; }"""
FORECAST = """async ([weights, C, T]) => { const m = await import('/spinodal/forecasters.js');
  const made = m.createForecasters(weights); return { mlp: made.mlp(C, T), gru: made.gru(C, T) }; }"""


def history(seed, knots):
    T = spinodal.programme(knots)
    fields = spinodal.simulate(spinodal.initial([seed]), T)
    return T, fields, spinodal.autocovariance(fields)


@pytest.mark.parametrize("n", [8, 32])
def test_the_page_transforms_a_field_as_numpy_does(bench, n):
    u = np.random.default_rng(n).normal(size=(n, n))
    there, back = bench.evaluate(
        """async ([n, u]) => { const fft = (await import('/spinodal/fft.js')).createFft(n), out = fft.empty();
          fft.forward(Float64Array.from(u), out);
          const there = [[...out.re], [...out.im]], back = new Float64Array(n * n);
          fft.inverse(out, back); return [there, [...back]]; }""",
        [n, u.ravel().tolist()],
    )
    expected = np.fft.rfft2(u.T).ravel()
    np.testing.assert_allclose(there, [expected.real, expected.imag], atol=1e-11)
    np.testing.assert_allclose(back, u.ravel(), atol=1e-12)


@pytest.mark.parametrize(("seed", "knots"), [(1, KNOTS[0]), (23, KNOTS[1])])
def test_the_page_makes_the_fields_that_python_makes_through_all_600_steps(
    bench, seed, knots
):
    T, fields, C = history(seed, knots)
    page = bench.evaluate(SIMULATE, [MODEL, seed, T.tolist()])
    np.testing.assert_allclose(page["fields"], fields[0].reshape(60, -1), atol=1e-5)
    np.testing.assert_allclose(page["C"], C[0], atol=1e-5)
    np.testing.assert_allclose(page["size"], spinodal.length(C[0]), atol=1e-5)


@pytest.mark.parametrize("knots", [*KNOTS, [0.6, 0.9], [0.71, 0.72, 0.73]])
def test_the_page_draws_the_programme_that_python_draws(call, knots):
    page = call("spinodal/field.js", "programme", knots, 60)
    np.testing.assert_allclose(page, spinodal.programme(knots), atol=1e-12)


def test_the_page_keeps_what_a_later_knot_does_not_change(bench):
    T = spinodal.programme(KNOTS[0])
    other = spinodal.programme([*KNOTS[0][:4], 0.6])
    kept, again, fresh = bench.evaluate(
        """async ([model, T, other]) => { const m = await import('/spinodal/field.js');
          const run = m.createRun(model); run.want(3, T); while (run.step());
          run.want(3, other); const kept = run.fields.length; while (run.step());
          return [kept, [...run.fields[59]], [...m.simulate(model, 3, other).fields[59]]]; }""",
        [MODEL, T.tolist(), other.tolist()],
    )
    assert kept == int(np.argmax(other != T)) == 45
    assert again == fresh


def test_the_length_of_any_autocovariance_is_that_of_python(call):
    for C in ([1.0, 0.5, 0.25], [1.0, 0.5, 0.0], [1.0, -1.0, 0.5]):
        page = call("spinodal/field.js", "length", C)
        assert page == pytest.approx(float(spinodal.length(np.array(C))))


def test_an_answer_without_variance_has_no_length_and_is_counted(bench, call):
    assert bench.evaluate(
        "async () => Number.isNaN((await import('/spinodal/field.js')).length([-0.1, 0.2]))"
    )
    errors, lost = {"mlp": 3, "gru": 2, "last": 9}, {"mlp": 4, "gru": 0, "last": 0}
    said = call("spinodal/spinodal.js", "describe", 9, 0.9, 4.0, errors, lost, False)
    assert "太さを言えない答えが、MLP 4 枚あります" in said


@pytest.mark.parametrize("knots", KNOTS)
def test_the_page_forecasts_what_pytorch_forecasts(bench, knots):
    T, _, C = history(4, knots)
    page = bench.evaluate(FORECAST, [WEIGHTS, C[0, :20].tolist(), T.tolist()])
    models, pca = spinodal_page.stored()
    for name, model in models.items():
        expected = spinodal_page.told_by(model, C, T[None], pca)[0]
        np.testing.assert_allclose(page[name], expected, atol=1e-4)


def told(text):
    """文の言う、太さと三つの誤差。"""
    size = re.search(r"の太さは ([\d.]+)。", text)[1]
    errors = re.search(
        r"MLP ([\d.]+)、GRU ([\d.]+)、変わらないとする予測 ([\d.]+)", text
    )
    return [float(v) for v in (size, *errors.groups())]


def expected(frame, seed, knots):
    T, _, C = history(seed, knots)
    models, pca = spinodal_page.stored()
    answers = [
        spinodal_page.told_by(model, C, T[None], pca)[0] for model in models.values()
    ]
    answers.append(np.tile(C[0, 19], (40, 1)))
    errors = [1000 * np.sqrt(np.mean((each - C[0, 20:]) ** 2)) for each in answers]
    return [spinodal.length(C[0, frame - 1]), *errors]


def test_the_numbers_that_are_said_are_those_of_python(mount):
    knots = [0.6, 0.9, 0.62, 0.88, 0.7]
    values = {f"T{k}": v for k, v in enumerate(knots, start=1)}
    page = mount(Spinodal(**values, frame=55, seed=9))
    text = page.locator(".rf-live").inner_text()
    assert text.startswith("55 枚め")
    np.testing.assert_allclose(told(text), expected(55, 9, knots), atol=0.051)


def computed(page) -> None:
    """組織がみな計算されるまで待ちます。"""
    page.wait_for_selector('.rf-body[aria-busy="false"]')


# 時計は、読むたびに 5 ミリ秒進む
HURRIED = """() => {
  let now = 0;
  performance.now = () => (now += 5);
  window.busy = [];
  const body = document.querySelector(".rf-body");
  new MutationObserver(() => busy.push(body.getAttribute("aria-busy"))).observe(body, { attributeFilter: ["aria-busy"] });
}"""


def test_another_seed_is_computed_a_little_at_a_time(mount):
    page = mount(Spinodal())
    page.evaluate(HURRIED)
    page.get_by_role("slider", name="種").press("ArrowRight")
    page.wait_for_function("busy.length > 1 && busy.at(-1) === 'false'")
    # 60 枚を、一枚の画面に二枚ほどずつ
    assert page.evaluate("busy.filter((each) => each === 'true').length") >= 25
    text = page.locator(".rf-live").inner_text()
    seed = page.evaluate("window.model.get('seed')")
    knots = [page.evaluate(f"window.model.get('T{k}')") for k in range(1, 6)]
    np.testing.assert_allclose(told(text), expected(40, seed, knots), atol=0.051)


def test_a_point_moves_by_keys_and_the_figure_follows(mount, settled):
    page = mount(Spinodal())
    point = page.get_by_role("slider", name="4 つめの点の温度")
    before = page.locator(".rf-live").inner_text()
    assert point.get_attribute("aria-valuenow") == "0.85"
    point.focus()
    for _ in range(3):
        page.keyboard.press("ArrowDown")
    settled()
    computed(page)
    assert point.get_attribute("aria-valuetext") == "45 枚めの温度は 0.82"
    assert page.locator(".rf-live").inner_text() != before
    page.keyboard.press("End")
    settled()
    computed(page)
    assert page.evaluate("window.model.get('T4')") == 0.95
    assert "学習の範囲の外" in page.locator(".rf-live").inner_text()
    page.keyboard.press("Home")
    settled()
    assert page.evaluate("window.model.get('T4')") == 0.55


def test_the_nearest_point_is_dragged_and_the_numbers_come_after_the_release(
    mount, settled
):
    page = mount(Spinodal())
    root = page.locator("svg.rf-knots")
    root.scroll_into_view_if_needed()
    point = page.get_by_role("slider", name="2 つめの点の温度").bounding_box()
    x, y = point["x"] + point["width"] / 2, point["y"] + point["height"] / 2
    page.mouse.move(x + 12, y)
    page.mouse.down()
    page.mouse.move(x + 12, y - 60, steps=6)
    page.mouse.up()
    settled()
    value = page.evaluate("window.model.get('T2')")
    assert value > 0.7 and round(100 * value, 6) % 1 == 0
    assert page.evaluate("window.model.get('T1')") == 0.7
    computed(page)
    knots = [0.7, value, 0.85, 0.85, 0.65]
    text = page.locator(".rf-live").inner_text()
    np.testing.assert_allclose(told(text), expected(40, 1, knots), atol=0.051)


def test_the_picture_is_the_field_of_the_frame(mount, settled):
    page = mount(Spinodal(frame=60, seed=2))
    alpha = page.evaluate(
        "[...document.querySelector('canvas').getContext('2d').getImageData(0, 0, 64, 64).data].filter((_, k) => k % 4 === 3)"
    )
    _, fields, _ = history(2, [0.7, 0.65, 0.85, 0.85, 0.65])
    limit = np.sqrt(spinodal.depth(spinodal.COLD))
    shown = 255 * np.minimum(1, np.abs(fields[0, 59]) / limit)
    np.testing.assert_allclose(alpha, shown.ravel(), atol=1.01)
    assert page.get_by_role("img", name="60 枚めの組織").count() == 1
    page.get_by_role("slider", name="見る画面").press("Home")
    settled()
    assert page.get_by_role("img", name="1 枚めの組織", exact=True).count() == 1


@pytest.mark.parametrize(
    ("mlp", "gru", "words"),
    [
        (20.0, 10.0, "GRU のほうが近い"),
        (10.0, 20.0, "MLP のほうが近い"),
        (12.0, 10.0, "優劣を言えません"),
        (70.0, 80.0, "負けています"),
    ],
)
def test_the_verdict_follows_the_errors(call, mlp, gru, words):
    errors, lost = {"mlp": mlp, "gru": gru, "last": 50.0}, {"mlp": 0, "gru": 0}
    said = call("spinodal/spinodal.js", "describe", 60, 0.7, 5.0, errors, lost, False)
    assert words in said and "範囲の外" not in said and "分散が負" not in said


def test_a_wrong_argument_is_named():
    with pytest.raises(ValueError, match="引数 T3"):
        Spinodal(T3=700)
    with pytest.raises(ValueError, match="引数 frame"):
        Spinodal(frame=61)
