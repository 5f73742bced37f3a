"""正弦波の異常: 言った点だけが変わること。"""

import numpy as np
import pytest

from rnnbook.materials import sine_faults as s


@pytest.mark.parametrize("kind", s.KINDS)
def test_only_the_stated_points_differ(kind):
    a, b = (s.sine(np.random.default_rng(2), k) for k in ("normal", kind))
    changed = np.flatnonzero(a != b)
    assert changed.min() >= s.AT and changed.max() < s.AT + s.KINDS[kind]


def test_half_is_half_and_flat_stands_still():
    rng = np.random.default_rng
    noise = s.sine(rng(2)) - np.sin(s.PHASE)
    here = slice(s.AT, s.AT + 63)
    half = s.sine(rng(2), "half") - noise
    np.testing.assert_allclose(half[here], np.sin(s.PHASE[here]) / 2, atol=1e-12)
    assert np.ptp(s.sine(rng(2), "flat")[here]) == 0


def test_the_touched_windows_are_those_that_hold_a_bad_point():
    for kind, n in s.KINDS.items():
        assert s.touched(kind, 50).sum() == n + 49
