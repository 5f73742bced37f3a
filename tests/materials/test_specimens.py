"""試料のある作り物: 散らばりは書いたとおりで、式 (10.5) より小さい誤差は新しい試料では出ないこと。"""

import numpy as np
import pytest

from rnnbook.materials import specimens as s
from rnnbook.materials.own_example import text


def test_amounts_and_repeats_are_as_written():
    scans = s.measure(np.random.default_rng(0).standard_normal, 4000, 2)
    assert scans.c.mean() == pytest.approx(s.MEAN, abs=0.3)
    assert scans.c[::2].std() == pytest.approx(s.SPREAD, rel=0.05)
    np.testing.assert_array_equal(scans.c[::2], scans.c[1::2])
    # 同じ試料の二本の差に、指紋は残りません: 差の差分の分散は、雑音だけで決まります
    pair = np.diff(scans.X[::2] - scans.X[1::2], n=2, axis=1)
    white = np.sqrt(2 * 6) * s.NOISE  # 二階差分の係数は 1, −2, 1
    assert pair[:, 0].std() > 0.9 * white


def test_the_fingerprint_stays_and_the_noise_does_not(monkeypatch):
    for name in ("GAIN", "OFFSET", "SLOPE", "NOISE"):
        monkeypatch.setattr(s, name, 0.0)
    scans = s.measure(np.random.default_rng(1).standard_normal, 3, 2)
    np.testing.assert_allclose(scans.X[::2], scans.X[1::2], atol=1e-12)
    assert np.abs(scans.X[0] - scans.X[2]).max() > 0.05


def test_no_linear_formula_beats_the_bound_and_the_best_one_reaches_it(monkeypatch):
    monkeypatch.setattr(s, "GAIN", 0.0)
    rng = np.random.default_rng(2)
    many, new = (s.measure(rng.standard_normal, 5000, 1) for _ in range(2))
    design = [np.column_stack([d.X, np.ones(len(d.c))]) for d in (many, new)]
    weights = np.linalg.lstsq(design[0], many.c, rcond=None)[0]
    error = (design[1] @ weights - new.c).std()
    assert error == pytest.approx(s.best_error(), rel=0.04)


def test_the_bound_is_the_conditional_spread_of_a_normal_distribution(monkeypatch):
    """c と x の共分散から、条件付きの分散 σ² − k Σ⁻¹ k を直に計算した値と同じです。"""
    p, phi = s.bands()
    tilt = np.stack([np.full(s.T, s.OFFSET), s.SLOPE * (s.AXIS - 0.5)])
    rest = s.MATRIX**2 * phi.T @ phi + tilt.T @ tilt
    rest += (s.FINE**2 + s.NOISE**2) * np.eye(s.T)
    whole = rest + s.SPREAD**2 * np.outer(p, p)
    k = s.SPREAD**2 * p
    expected = np.sqrt(s.SPREAD**2 - k @ np.linalg.solve(whole, k))
    assert s.best_error() == pytest.approx(expected, rel=1e-6)


def test_the_page_numbers_are_standard_normal():
    x = s.mulberry_normals(7)(40_000)
    assert abs(x.mean()) < 0.02 and x.std() == pytest.approx(1, abs=0.02)
    assert abs(np.corrcoef(x[:-1], x[1:])[0, 1]) < 0.02
    draw = s.mulberry_normals(7)
    np.testing.assert_array_equal(np.concatenate([draw(3), draw(5)]), x[:8])


def test_the_example_file_is_what_the_command_makes():
    from rnnbook.data import verified_path

    data = verified_path("measured/own_example.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbf") and b"\r\n" in data
    assert data.decode("utf-8-sig").replace("\r\n", "\n") == text()


def test_a_wrong_argument_is_named():
    with pytest.raises(ValueError, match="specimens"):
        s.measure(np.random.default_rng(0).standard_normal, 0, 1)
    with pytest.raises(ValueError, match="normals"):
        s.measure(0, 1, 1)
