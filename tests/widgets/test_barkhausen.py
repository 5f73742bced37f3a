"""バルクハウゼン雑音の図: ページの中の模型、雪崩、モデルの答えは Python に等しく、言う数は計算した数です。"""

import re

import numpy as np
import pytest

from rnnbook.data import load
from rnnbook.materials import barkhausen as physics
from rnnbook.materials import stress_noise
from rnnbook.materials.portable_random import Portable
from rnnbook.materials.waveforms import WINDOW
from rnnbook.models.stress_answers import StressAnswers, features
from rnnbook.widgets.barkhausen import Barkhausen
from rnnbook.widgets.barkhausen.barkhausen import constants

MODEL = constants()
SHORT = MODEL | {"T": 300}
ABBM, AVALANCHES = "barkhausen/abbm.js", "barkhausen/avalanches.js"
PAGE = "barkhausen/barkhausen.js"


def drawn(bench, script: str, *arguments: object) -> object:
    """ページの中で、abbm.js の m と乱数 d を使って計算します。"""
    return bench.evaluate(
        f"async ([seed, ...a]) => {{ const m = await import('/{ABBM}');"
        f" const d = m.drawsOf(seed); return {script}; }}",
        list(arguments),
    )


@pytest.mark.parametrize("shape", [0.05, 0.3, 1.0, 7.5, 400.0])
def test_the_page_draws_the_gamma_numbers_that_python_draws(bench, shape):
    page = drawn(bench, "Array.from({length: 200}, () => m.gamma(d, a[0]))", 7, shape)
    np.testing.assert_allclose(page, Portable(7).standard_gamma([shape] * 200), rtol=1e-9)  # fmt: skip


@pytest.mark.parametrize("mean", [0.0, 0.3, 20.0, 499.0, 1234.5])
def test_the_page_draws_the_poisson_numbers_that_python_draws(bench, mean):
    page = drawn(bench, "Array.from({length: 100}, () => m.poisson(d, a[0]))", 8, mean)
    assert page == Portable(8).poisson([mean] * 100).tolist()


@pytest.mark.parametrize(("seed", "dt", "D"), [(1, 0.05, 1.0), (30, 0.01, 0.7)])
def test_the_page_walks_the_wall_as_python_does(bench, seed, dt, D):
    c = np.random.default_rng(seed).uniform(0.05, 1.5, (3, 400))
    page = drawn(
        bench,
        "m.abbm(d, a[0], a[1], a[2]).map((r) => [...r])",
        seed,
        c.tolist(),
        D,
        dt,
    )
    expected = physics.abbm(Portable(seed), c, D=D, dt=dt)
    np.testing.assert_allclose(page, expected, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize(("seed", "stress", "noise"), [(1, 100, 0.1), (23, -150, 0.3)])
def test_the_page_records_the_bursts_that_python_records(bench, seed, stress, noise):
    page = bench.evaluate(
        f"""async ([model, seed, stress, noise]) => {{
          const [m, p] = [await import('/{ABBM}'), await import('/{PAGE}')];
          const {{ signal, hiss }} = p.bursts(model, seed, stress, 1, true);
          return m.withNoise(signal, hiss, noise).map((row) => [...row]); }}""",
        [MODEL, seed, stress, noise],
    )
    draws = Portable(seed)
    one = stress_noise.make_specimens(draws, 1)
    expected = stress_noise.record(draws, one.take([0, 0]), [stress, 0.0], noise)
    np.testing.assert_allclose(page, expected, rtol=1e-5, atol=1e-5)


def test_the_long_record_is_the_wall_driven_at_a_constant_rate(bench):
    page = bench.evaluate(
        f"""async ([model]) => {{ const {{ signal, hiss, theory }} =
          (await import('/{PAGE}')).steady(model, 3, 50, 2, 300);
          return [signal, hiss].map((rows) => rows.map((row) => [...row])).concat(theory); }}""",
        [SHORT],
    )
    one = stress_noise.make_specimens(Portable(3), 1)
    c = 0.3 * one.C * np.exp(0.2 * 0.5)
    draws = Portable(1003)
    v = physics.abbm(draws, np.repeat(c, 2), D=one.D[0], dt=0.01, T=300)
    np.testing.assert_allclose(page[0], v, rtol=1e-5, atol=1e-5)
    hiss = draws.standard_normal(600).reshape(2, 300)
    np.testing.assert_allclose(page[1], hiss, atol=1e-9)
    assert page[2] == pytest.approx(physics.size_exponent(c[0], D=one.D[0]))


def test_the_page_counts_avalanches_and_fits_the_exponent_as_python_does(call):
    v = physics.abbm(np.random.default_rng(5), [0.3] * 4, dt=0.01, T=3000)
    sizes = call(AVALANCHES, "sizesOf", v.tolist(), 0.01, 0.01)
    expected = physics.avalanches(v, 0.01, 0.01).size
    np.testing.assert_allclose(sizes, expected, rtol=1e-9)
    fitted = call(AVALANCHES, "fitExponent", sizes, 0.005, 0.5)
    assert fitted["tau"] == pytest.approx(
        physics.fit_exponent(expected, 0.005, 0.5), abs=1e-9
    )


def test_the_standard_error_is_the_spread_of_the_exponent_over_samples(call):
    rng, found = np.random.default_rng(6), []
    for _ in range(200):
        # τ = 1.35、0.005 から 0.5 の逆関数法
        u = rng.random(400)
        S = 0.005 * (1 - u * (1 - 100**-0.35)) ** (-1 / 0.35)
        found.append(call(AVALANCHES, "fitExponent", S.tolist(), 0.005, 0.5))
    taus = np.array([f["tau"] for f in found])
    assert taus.mean() == pytest.approx(1.35, abs=0.02)
    assert np.mean([f["error"] for f in found]) == pytest.approx(taus.std(), rel=0.2)


def test_the_exponent_meets_the_theory_without_noise_and_leaves_it_with_noise(bench):
    away = bench.evaluate(
        f"""async (model) => {{
          const [m, a, p] = await Promise.all(['{ABBM}', '{AVALANCHES}', '{PAGE}'].map((f) => import('/' + f)));
          const found = [];
          for (let seed = 1; seed <= 8; seed += 1) {{
            const {{ signal, hiss, theory }} = p.steady(model, seed, 0);
            found.push([0, 0.1].map((noise) => {{
              const sizes = a.sizesOf(m.withNoise(signal, hiss, noise), Math.max(0.01, 4 * noise), 0.01);
              const {{ tau, error }} = a.fitExponent(sizes, 0.005, 0.5);
              return (tau - theory) / error;
            }}));
          }}
          return found; }}""",
        MODEL,
    )
    quiet, noisy = np.array(away).T
    assert np.abs(quiet).max() < 3.5 and abs(quiet.mean()) < 1.2
    assert noisy.min() > 3


def test_too_few_avalanches_have_no_exponent(call):
    assert call(AVALANCHES, "fitExponent", [0.1] * 9, 0.005, 0.5)["tau"] is None or (
        np.isnan(call(AVALANCHES, "fitExponent", [0.1] * 9, 0.005, 0.5)["tau"])
    )


def test_the_line_of_theory_holds_the_share_of_the_avalanches_between_its_ends(call):
    for tau in (1.0, 1.35, 2.0):
        (a, p), (b, q) = call(AVALANCHES, "powerLaw", tau, 0.4, 0.005, 0.5)
        assert np.log(q / p) / np.log(b / a) == pytest.approx(-tau)
        S = np.geomspace(a, b, 20_001)
        assert np.trapezoid(p * (S / a) ** -tau, S) == pytest.approx(0.4, rel=1e-4)


def test_the_densities_of_all_bins_hold_all_avalanches(call):
    S = np.random.default_rng(1).lognormal(-2, 1, 500).clip(0.0011, 9)
    rows = np.array(call(AVALANCHES, "densityOf", S.tolist(), 0.001, 10, 5))
    width = rows[:, 0] * (10**0.1 - 10**-0.1)
    assert (rows[:, 1] * width).sum() == pytest.approx(1)


def test_the_page_answers_as_the_models_in_python_do(call):
    weights = load("barkhausen_page_weights")
    rng = np.random.default_rng(4)
    specimens = stress_noise.make_specimens(rng, 6)
    u = stress_noise.record(rng, specimens, np.linspace(-200, 200, 6), 0.2)
    page = call("barkhausen/answers.js", "answerMany", weights.to_dict("records"), WINDOW, u.tolist())  # fmt: skip
    expected = StressAnswers.read(weights).predict(features(u)).T
    np.testing.assert_allclose(page, expected, atol=1e-4)


def test_calibration_subtracts_the_mean_answer_at_zero_stress(call):
    told = [[1, 2, 3], [3, 4, 7], [10, 20, 30], [20, 30, 50]]
    found = call(PAGE, "averaged", told, True)
    assert [each["mean"] for each in found] == [2 - 15, 3 - 25, 5 - 40]
    assert found[0]["each"] == [1 - 15, 3 - 15]
    assert [each["mean"] for each in call(PAGE, "averaged", told, False)] == [8.5, 14, 22.5]  # fmt: skip


def numbers(text: str) -> list[float]:
    return [float(v.replace("−", "-")) for v in re.findall(r"−?\d+(?:\.\d+)?", text)]


def test_the_figure_says_the_answers_of_python(mount):
    said = mount(Barkhausen(stress=-50, seed=4)).locator(".rf-live").inner_text()
    draws = Portable(4)
    one = stress_noise.make_specimens(draws, 1)
    u = stress_noise.record(draws, one, [-50.0])
    told = StressAnswers.read(load("barkhausen_page_weights")).predict(features(u))
    np.testing.assert_allclose(numbers(said)[:4], [-50, *told[:, 0]], atol=0.51)


def test_the_controls_change_what_the_page_says(mount, settled):
    page = mount(Barkhausen())
    live = page.locator(".rf-live")
    heard = [live.inner_text()]
    assert "学習した" not in heard[0]
    for act in (
        lambda: page.get_by_role("slider", name="応力").press("End"),
        lambda: page.get_by_role("slider", name="雑音").press("Home"),
        lambda: page.get_by_role("radio", name="8 回").check(),
        lambda: page.get_by_role("radio", name="する", exact=True).check(),
        lambda: page.get_by_role("slider", name="種").press("ArrowRight"),
    ):
        act()
        settled()
        heard.append(live.inner_text())
    assert len(set(heard)) == len(heard)
    assert "−150 から 150 MPa の外です" in heard[1] and "学習した 0.1 と" in heard[2]
    assert "8 回の平均" in heard[3] and "0 MPa で零点合わせ" in heard[4]


# AudioContext の代わりに、作られた数と鳴らされた音を控える
AUDIO = """window.opened = 0; window.played = [];
window.AudioContext = class {
  constructor() { window.opened += 1; }
  createBuffer(channels, length, rate) { return { length, rate, copyToChannel(x) { this.x = x; } }; }
  createBufferSource() {
    return { connect() {}, start() { window.played.push(Array.from(this.buffer.x)); }, stop() { window.stopped = true; } };
  }
  close() {}
};"""


def test_nothing_sounds_until_the_button_is_pressed(page, mount, settled):
    page.add_init_script(AUDIO)
    mount(Barkhausen())
    page.get_by_role("slider", name="応力").press("ArrowRight")
    settled()
    assert page.evaluate("[opened, played.length]") == [0, 0]
    page.get_by_role("button", name="音を聞く").click()
    (sound,) = page.evaluate("played")
    assert len(sound) == 4096 and 0 < np.abs(sound).max() <= 0.8 + 1e-6
    page.get_by_role("button", name="止める").click()
    assert page.evaluate("stopped") is True
    assert page.get_by_role("button", name="音を聞く").is_visible()


def test_the_sound_is_the_wave_without_its_slow_part(call):
    u = np.random.default_rng(2).gamma(1.0, 1.0, 600)
    sound = call("barkhausen/sound.js", "audible", u.tolist())
    sound = np.array([sound[str(k)] for k in range(600)]) if isinstance(sound, dict) else np.array(sound)  # fmt: skip
    slow = np.array([u[max(0, t - 127) : t + 1].mean() for t in range(600)])
    np.testing.assert_allclose(sound, (0.12 * (u - slow)).clip(-0.8, 0.8), atol=1e-6)


def test_a_wrong_argument_is_named():
    with pytest.raises(ValueError, match="引数 stress"):
        Barkhausen(stress=250)
    with pytest.raises(ValueError, match="引数 bursts"):
        Barkhausen(bursts="two")
