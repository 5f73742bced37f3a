"""地図と物差しの図: ページの中のモデル、地図、物差しは Python（自動微分）に等しく、言う数は計算した数です。"""

import re

import numpy as np
import pytest
import torch

from rnnbook import data
from rnnbook.materials import (
    attribution,
    diffraction,
    portable_counts,
    powder,
    yardsticks,
)
from rnnbook.models.eight_bits import unpack
from rnnbook.models.explained import linear_forecast, network_forecast
from rnnbook.models.vacancy_readers import READERS, new_network
from rnnbook.widgets.attributions import Attributions
from rnnbook.widgets.attributions.attributions import (
    BASELINES,
    METHODS,
    STATES,
    UNITS,
)

FIGURE = Attributions()
CRYSTAL, TRAINED = FIGURE.crystal, FIGURE.trained
RNG = np.random.default_rng(0)
MIDDLE = {"c": 5, "B": 0.6, "ground": 1}
START = {name: getattr(FIGURE, name) for name in ("method", "unit", "baseline")}
START |= {"model": "cnn", "state": "trained"} | MIDDLE | {"seed": 1}
SPECIMENS = [
    {"c": 0, "B": 0.3, "ground": 0.4, "seed": 1},
    {"c": 10, "B": 1.2, "ground": 2, "seed": 30},
    *(
        {
            "c": float(RNG.uniform(0, 10)),
            "B": float(RNG.uniform(0.3, 1.2)),
            "ground": float(RNG.uniform(0.4, 2)),
            "seed": int(RNG.integers(1, 31)),
        }
        for _ in range(2)
    ),
]
STUDY = """async ([crystal, trained, all]) => {
  const { prepare, study } = await import("/attributions/attributions.js");
  const ready = prepare(crystal, trained);
  return all.map((how) => study(ready, how));
}"""
PHYSICS = """async ([crystal, how, name]) => {
  const { physicsOf } = await import("/attributions/physics.js");
  const found = physicsOf(crystal)[name](how);
  return Array.isArray(found) ? found.map((row) => [...row]) : [...found];
}"""
READ = """async ([state, model, rows]) => {
  const { makeModels } = await import("/attributions/models.js");
  const { answer, slope } = makeModels(state)[model];
  return rows.map((row) => Float64Array.from(row)).map((x) => [answer(x), [...slope(x)]]);
}"""


def theta(how) -> np.ndarray:
    """図の試料 → θ (1, 6)。"""
    b = np.log(how["ground"]) / powder.SPREAD
    B = np.log(how["B"] / powder.B_MIDDLE) / powder.B_SPREAD
    return np.array([[how["c"], B, 0, b, b, b]])


def mean(how) -> np.ndarray:
    return diffraction.expected(*powder.values(theta(how)))[0]


def forecast(state: str, model: str):
    """保存した表から、微分できる関数。"""
    parts = ("lines", "numbers", "weights")
    tables = {part: data.load(f"attributions_page_{part}") for part in parts}
    lines, numbers, weights = (t[t["state"] == state] for t in tables.values())
    center, std, b = (lines[name].to_numpy() for name in ("mean", "std", "pls"))
    level, scale = (float(numbers[name].iloc[0]) for name in ("level", "scale"))
    if model == "pls":
        return linear_forecast(b, center, level)
    network = new_network(model)
    unpack(network, weights[weights["model"] == model])
    return network_forecast(network, center, std, level, scale)


def best():
    """中央の試料での、最適な線形の重み。"""
    mu, J = mean(MIDDLE), powder.jacobian(theta(MIDDLE))[0]
    w = yardsticks.optimal_weights(J, mu, powder.PRIOR)

    w, mu = torch.from_numpy(w), torch.from_numpy(mu)
    return lambda x: 5 + (x**2 - mu) @ w


def expected_study(how) -> dict:
    """図の study と同じものを、attribution.py と yardsticks.py で。"""
    own, told = forecast(how["state"], how["model"]), best()
    counts = portable_counts.mulberry_poisson(how["seed"])(mean(how))
    x = np.sqrt(counts)[None]
    state = TRAINED[how["state"]]
    units = {
        "root": 1.0,
        "standard": np.array(state["std"]),
        "count": 1 / (2 * np.maximum(x, 1)),
    }
    perfect = np.sqrt(mean(MIDDLE | {"c": 0}))
    bases = {"mean": np.array(state["mean"]), "zero": 0.0, "perfect": perfect}
    x0 = bases[how["baseline"]]
    maps = []
    for f in (own, told):
        if how["method"] == "saliency":
            maps.append(attribution.saliency(f, x, units[how["unit"]]))
        elif how["method"] == "integrated":
            maps.append(attribution.integrated_gradients(f, x, x0, 32))
        else:
            maps.append(attribution.masking(f, x, x0, 8))
    J = powder.jacobian(theta(how))[:, 0]
    moves = [
        how | {"c": how["c"] + 1},
        how | {"B": how["B"] + 0.15},
        how | {"ground": 1.2 * how["ground"]},
    ]
    moved = [np.sqrt(np.maximum(0, counts + mean(m) - mean(how)))[None] for m in moves]
    return {
        "own": maps[0][0],
        "optimal": maps[1][0],
        "slope": J[0],
        "answer": attribution.answers(own, x)[0],
        "change": (
            attribution.answers(own, x)
            - attribution.answers(own, np.broadcast_to(x0, x.shape))
        )[0],
        "rho": [yardsticks.agreement(maps[0], target)[0] for target in (maps[1], J)],
        "bare": yardsticks.agreement(x - x0, maps[1])[0],
        "responses": [
            [yardsticks.response(f, x, m)[0] for m in moved] for f in (own, told)
        ],
    }


def compare(page: dict, how: dict) -> None:
    ours = expected_study(how)
    for name in ("own", "optimal", "slope"):
        size = np.abs(ours[name]).max()
        np.testing.assert_allclose(page[name], ours[name], atol=1e-5 * size)
    for name in ("answer", "change", "responses"):
        np.testing.assert_allclose(page[name], ours[name], atol=1e-4)
    # 値のほぼ等しい点の順は、丸めで入れ替わる
    for name in ("rho", "bare"):
        np.testing.assert_allclose(page[name], ours[name], atol=1e-4)
    np.testing.assert_allclose(page["total"], np.sum(ours["own"]), atol=1e-4)


@pytest.mark.parametrize("how", SPECIMENS)
def test_the_page_has_the_physics_of_python(bench, how):
    page = {
        name: np.array(bench.evaluate(PHYSICS, [CRYSTAL, how, name]))
        for name in ("mean", "jacobian", "optimal")
    }
    J, mu = powder.jacobian(theta(how))[0], mean(how)
    np.testing.assert_allclose(page["mean"], mu, rtol=1e-9)
    np.testing.assert_allclose(page["jacobian"], J, rtol=1e-7, atol=1e-7)  # 角度は 9 桁
    w = yardsticks.optimal_weights(J, mu, powder.PRIOR)
    np.testing.assert_allclose(page["optimal"], w, atol=1e-8 * np.abs(w).max())


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("model", READERS)
def test_the_page_answers_and_differentiates_as_pytorch_does(bench, state, model):
    x = np.sqrt(RNG.poisson([mean(how) for how in SPECIMENS]) + 0.0)
    x[-1] *= 0.1  # 学習した図形から遠いところも
    told = bench.evaluate(READ, [TRAINED[state], model, x.tolist()])
    own = forecast(state, model)
    np.testing.assert_allclose(
        [t[0] for t in told], attribution.answers(own, x), atol=1e-6
    )
    slopes = attribution.gradients(own, x)
    np.testing.assert_allclose(
        [t[1] for t in told], slopes, atol=1e-6 * np.abs(slopes).max()
    )


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("model", READERS)
def test_the_page_draws_the_maps_of_python(bench, method, model):
    inputs = UNITS if method == "saliency" else BASELINES
    name = "unit" if method == "saliency" else "baseline"
    all_ = [
        START | SPECIMENS[k] | {"method": method, "model": model, name: value}
        for k, value in enumerate(inputs)
    ]
    all_ += [all_[0] | {"state": state} for state in ("untrained", "shuffled")]
    pages = bench.evaluate(STUDY, [CRYSTAL, TRAINED, all_])
    for page, how in zip(pages, all_, strict=True):
        compare(page, how)


@pytest.mark.parametrize("ties", [False, True])
def test_the_rank_correlation_of_the_page_is_that_of_scipy(call, ties):
    a, b = RNG.normal(size=(2, 80))
    if ties:
        a, b = a.round(), b.round()
    page = call("attributions/maps.js", "agreement", a.tolist(), b.tolist())
    np.testing.assert_allclose(page, yardsticks.agreement([a], [b])[0], atol=1e-9)


def test_the_integrated_map_of_a_linear_model_sums_to_the_change_of_its_answer(bench):
    all_ = [
        START | {"method": "integrated", "model": "pls", "baseline": base}
        for base in BASELINES
    ]
    for page in bench.evaluate(STUDY, [CRYSTAL, TRAINED, all_]):
        np.testing.assert_allclose(page["total"], page["change"], atol=1e-9)


def test_the_yardstick_agrees_with_itself_and_is_large_where_the_slope_is_small(bench):
    # 計数あたりの最適な重みは、計数の大きな点で小さく、傾きはそこで大きい
    w = np.array(bench.evaluate(PHYSICS, [CRYSTAL, MIDDLE, "optimal"]))
    J = np.array(bench.evaluate(PHYSICS, [CRYSTAL, MIDDLE, "jacobian"]))[0]
    assert yardsticks.agreement([w], [w])[0] == 1
    assert yardsticks.agreement([w], [J])[0] < 0


def test_the_sentence_says_the_numbers_it_was_given(call):
    found = {
        "answer": 5.26,
        "total": -1.04,
        "change": 2.0,
        "rho": [0.491, -0.34],
        "bare": 0.8,
        "responses": [[1.081, -0.001, 1.614], [0.8, 0.1, 1.2]],
        "rmse": 1.36,
        "bound": 1.21,
    }
    said = call("attributions/attributions.js", "describe", START, found)
    assert "答えは 5.3 %（本当は 5.0 %。" in said
    assert "誤差 1.4 %、目安 1.2 %" in said
    assert "w* と 0.49、∂μ/∂c と −0.34" in said
    assert "空孔 +1.08、B 0.00、背景 +1.61" in said and "地図の和" not in said
    integrated = START | {"method": "integrated"}
    said = call("attributions/attributions.js", "describe", integrated, found)
    assert "地図の和は −1.0 %（答えの差 +2.0 %）" in said
    assert "w* と 0.49（モデルなしの x − 基準 で 0.80）、" in said


def test_the_reader_chooses_the_unit_of_a_gradient_or_the_baseline_of_the_others(
    mount, settled
):
    page = mount(Attributions())
    live = page.locator(".rf-live")
    first = live.inner_text()
    assert not page.get_by_role("radio", name="完全な結晶").is_visible()
    page.get_by_role("radio", name="計数", exact=True).check()
    settled()
    rho = [re.search(r"w\* と (−?[\d.]+)", t)[1] for t in (first, live.inner_text())]
    assert rho[0] != rho[1]
    page.get_by_role("radio", name="隠す").check()
    settled()
    assert not page.get_by_role("radio", name="標準偏差").is_visible()
    page.get_by_role("radio", name="完全な結晶").check()
    settled()
    assert live.inner_text() != first


def test_on_a_phone_the_choices_and_the_map_fit_one_screen(mount, settled):
    page = mount(Attributions())
    page.set_viewport_size({"width": 360, "height": 740})
    settled()
    top = page.locator("figure").bounding_box()["y"]
    box = page.locator(".rf-plot").nth(1).bounding_box()
    assert box["y"] + box["height"] - top <= 700


def test_a_wrong_argument_is_named():
    with pytest.raises(ValueError, match="引数 method"):
        Attributions(method="gradcam")
    with pytest.raises(ValueError, match="引数 c "):
        Attributions(c=11)
