"""分け方とうその図: ページの中の模型、前処理、PLS は Python に等しく、言う数は計算した数です。"""

import re

import numpy as np
import pytest

from rnnbook.materials import specimens
from rnnbook.materials.steps import STEPS as PYTHON_STEPS
from rnnbook.models.pls import pls_path
from rnnbook.widgets.split_leak import SplitLeak
from rnnbook.widgets.split_leak.split_leak import STEPS

MODEL = SplitLeak().model


@pytest.mark.parametrize("seed", [1, 1030])
def test_the_page_measures_the_specimens_that_python_measures(call, seed):
    page = call("split_leak/specimens.js", "measure", MODEL, seed, 7, 3)
    scans = specimens.measure(specimens.mulberry_normals(seed), 7, 3)
    np.testing.assert_allclose(page["X"], scans.X, atol=1e-5)
    np.testing.assert_allclose(page["c"], scans.c, atol=1e-5)
    assert page["specimen"] == scans.specimen.tolist()


@pytest.mark.parametrize("steps", STEPS)
def test_the_page_prepares_spectra_as_python_does(call, steps):
    X = specimens.measure(np.random.default_rng(0).standard_normal, 4, 2).X
    page = call("split_leak/chemometrics.js", "prepare", steps, X.tolist())
    np.testing.assert_allclose(page, PYTHON_STEPS[steps](X), atol=1e-9)


def test_the_page_fits_pls_as_python_does(call, bench):
    rng = np.random.default_rng(1)
    scans = specimens.measure(rng.standard_normal, 9, 4)
    new = specimens.measure(rng.standard_normal, 5, 1).X
    page = bench.evaluate(
        "async ([X, y, Z]) => { const m = await import('/split_leak/chemometrics.js');"
        " return m.predictPls(m.fitPls(X, y, 12), Z); }",
        [scans.X.tolist(), scans.c.tolist(), new.tolist()],
    )
    path = pls_path(scans.X, scans.c, 12)
    expected = scans.c.mean() + (new - scans.X.mean(axis=0)) @ path.T
    np.testing.assert_allclose(page, expected.T, atol=1e-5)


def test_the_page_keeps_specimens_apart_when_told_to(call):
    scans = call("split_leak/specimens.js", "measure", MODEL, 3, 20, 10)
    names, c = np.array(scans["specimen"]), np.array(scans["c"])
    for split in ("scans", "specimens", "composition"):
        parts = call("split_leak/specimens.js", "divide", scans, split, 3)
        train, test = parts["train"], parts["test"]
        assert sorted(train + test) == list(range(200)) and len(test) == 40
        apart = not set(names[train]) & set(names[test])
        assert apart == (split != "scans")
        assert (c[test].min() > c[train].max()) == (split == "composition")


def test_the_thin_line_is_the_error_of_answering_the_mean_of_the_training_rows(call):
    how = {"split": "specimens", "steps": "raw", "size": 12, "seed": 1}
    found = call("split_leak/split_leak.js", "study", MODEL, how)
    scans = call("split_leak/specimens.js", "measure", MODEL, 1, 12, 10)
    parts = call("split_leak/specimens.js", "divide", scans, "specimens", 1)
    level, fresh = np.mean(np.array(scans["c"])[parts["train"]]), found["fresh"]
    expected = np.sqrt(np.mean((np.array(fresh) - level) ** 2))
    np.testing.assert_allclose(found["mean"], expected)


@pytest.mark.parametrize(
    ("test", "real", "split", "leaks"),
    [
        (0.3, 6.0, "scans", True),
        (1.5, 1.6, "scans", False),
        (1.2, 3.0, "specimens", False),
    ],
)
def test_only_a_random_split_that_beats_what_is_possible_is_called_a_leak(
    call, test, real, split, leaks
):
    said = call("split_leak/split_leak.js", "describe", test, real, 1.39, split)
    assert ("偶然" in said) == (test < 1.39 and split != "scans")
    assert ("漏れています" in said) == leaks and f"{real / test:.1f} 倍" in said


def test_the_choices_change_what_the_page_says(mount, settled):
    page = mount(SplitLeak())
    live = page.locator(".rf-live")
    assert "漏れています" in live.inner_text()
    page.get_by_role("radio", name="試料ごと").check()
    settled()
    assert "漏れています" not in live.inner_text()
    before = live.inner_text()
    page.get_by_role("slider", name="試料の数").press("End")
    settled()
    after = live.inner_text()
    numbers = [
        float(re.search(r"新しい試料では ([\d.]+)", t)[1]) for t in (before, after)
    ]
    assert numbers[1] < numbers[0]
    page.get_by_role("radio", name="SNV → 二階微分").check()
    settled()
    assert live.inner_text() != after


def test_a_wrong_argument_is_named():
    with pytest.raises(ValueError, match="引数 split"):
        SplitLeak(split="random")
    with pytest.raises(ValueError, match="引数 size"):
        SplitLeak(size=5)
