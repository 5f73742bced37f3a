"""金の XANES と SrFe₂As₂ の PDF: 抜粋は、もとのままの形と向きであること。"""

import numpy as np
import pytest

from rnnbook.data import verified_path
from rnnbook.datasets.pdf_series import load_pdf
from rnnbook.materials import own_xanes, xanes
from rnnbook.materials.own_spectra import read_spectrum


def test_every_spectrum_is_measured_upwards_in_electronvolts():
    for E, mu in xanes.load_raw().values():
        assert (np.diff(E) > 0).all() and 11_000 < E[0] < E[-1] < 13_000
        assert np.isfinite(mu).all()


def test_the_white_line_grows_with_the_valence():
    gold = xanes.load_gold()
    top = gold.standards[:, np.abs(gold.E - 11922) < 3].max(axis=1)
    assert top[0] > top[8]  # 塩化金(III) と金箔
    assert (np.diff(gold.series[:5, np.abs(gold.E - 11922) < 1].mean(axis=1)) < 0).all()


def test_the_normalised_edge_goes_from_zero_to_one():
    E = np.arange(11780.0, 12200.0, 1.0)
    gold = xanes.load_gold(E)
    spectra = np.vstack([gold.standards, gold.series])
    assert np.abs(spectra[:, E < 11880].mean(axis=1)).max() < 0.02
    far = spectra[:, (E > 12030) & (E < 12180)].mean(axis=1)
    assert far == pytest.approx(np.ones(17), abs=0.06)


def test_the_readers_example_is_what_its_program_writes():
    data = verified_path("measured/own_xanes.txt").read_text(encoding="utf-8-sig")
    assert data == own_xanes.text()
    mine = read_spectrum(
        verified_path("measured/own_xanes.txt"), axis="energy", value="mu"
    )
    assert (np.diff(mine.axis) > 0).all()


def test_the_series_in_temperature_is_complete():
    series = load_pdf()
    np.testing.assert_array_equal(series.kelvin, np.arange(150.0, 247.0, 6.0))
    # 鉄とヒ素の隣り合う距離、およそ 2.4 Å に、はじめの山がある
    near = (series.r > 2.2) & (series.r < 2.6)
    first = series.r[near][series.G[:, near].argmax(axis=1)]
    assert np.abs(first - 2.4).max() < 0.1
