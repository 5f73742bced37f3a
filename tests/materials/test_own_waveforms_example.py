"""波形の見本: どの書き方のファイルからも、模型が作った波形が読めること。"""

import numpy as np

from rnnbook.materials.own_waveforms import read_waves
from rnnbook.materials.own_waveforms_example import STRESSES, write_example
from rnnbook.materials.stress_noise import make_specimens, record


def test_the_waves_of_every_style_are_read_back_in_millivolts(tmp_path):
    waves = read_waves(write_example(tmp_path, 3), column="波形", time="時間")
    rng = np.random.default_rng(12)
    made = make_specimens(rng, 3)
    u = np.concatenate([record(rng, made.take([i] * 3), STRESSES) for i in range(3)])
    np.testing.assert_allclose(1e3 * waves.X, u, rtol=1e-5, atol=1e-8)
    np.testing.assert_allclose(waves.rate, 2e5, rtol=1e-9)
    assert waves.stress.tolist() == list(STRESSES) * 3
    assert waves.specimen.tolist() == [f"S-0{k}" for k in (1, 1, 1, 2, 2, 2, 3, 3, 3)]
