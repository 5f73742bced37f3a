"""波形の特徴: 形の分かっている波形で、書いたとおりの値になること。"""

import numpy as np
import pytest

from rnnbook.materials import waveforms as w


def test_a_block_has_its_middle_and_its_width():
    u = np.zeros((1, 6400))
    u[0, 1600:4800] = 2.0
    found = dict(zip(w.CLASSICAL, w.classical(u)[0], strict=True))
    assert found["山の位置"] == pytest.approx(0.5, abs=0.01)
    assert found["山の幅"] == pytest.approx(0.5 / np.sqrt(12), abs=0.01)
    assert np.exp(found["RMS"]) == pytest.approx(np.sqrt(2), abs=0.01)
    # 0 と 2 が半分ずつの尖度は 1
    assert np.exp(found["尖り"]) == pytest.approx(1.0, abs=0.01)


def test_normal_noise_has_a_kurtosis_of_three_and_crosses_its_rms_by_rice():
    u = np.random.default_rng(0).normal(size=(1, 200_000))
    found = dict(zip(w.CLASSICAL, w.classical(u)[0], strict=True))
    assert np.exp(found["尖り"]) == pytest.approx(3.0, abs=0.1)
    p = 0.158655  # P(x > 1)
    assert found["横切り"] == pytest.approx(p * (1 - p), abs=0.005)


def test_a_louder_trace_moves_only_the_three_loudnesses():
    u = np.random.default_rng(1).random((1, 4096)) + 1
    change = (w.classical(10 * u) - w.classical(u))[0]
    np.testing.assert_allclose(change[:3], np.log(10), atol=0.01)
    np.testing.assert_allclose(change[3:], 0, atol=1e-3)


def test_windows_do_not_overlap_and_drop_the_rest():
    u = np.arange(1, 11.0)[None]
    found = np.exp(w.by_window(u, 4)) - w.EPS
    np.testing.assert_allclose(found[0, :, 0], [2.5, 6.5])
    np.testing.assert_allclose(found[0, :, 2], [4, 8])
    np.testing.assert_allclose(found[0, :, 3], 0, atol=1e-12)


def test_a_window_longer_than_the_trace_is_named():
    with pytest.raises(ValueError, match="length"):
        w.by_window(np.ones((1, 100)), 128)
    with pytest.raises(ValueError, match=r"u\[0, 3\]"):
        w.rms([[1.0, 2.0, 3.0, np.nan]])
