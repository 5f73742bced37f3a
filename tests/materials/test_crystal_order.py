"""結晶の秩序: 既知の格子の値、SciPy の球面調和関数、freud の値と同じであること。"""

import numpy as np
import pytest
from scipy.spatial.transform import Rotation
from scipy.special import sph_harm_y

from rnnbook.materials import crystal_order as co
from rnnbook.materials.lennard_jones import fcc


def bcc(n):
    corners = np.indices((n, n, n)).reshape(3, -1).T
    return np.concatenate([corners, corners + 0.5]).astype(float), float(n)


def liquid(seed=0):
    """重ならないように置いた、でたらめな原子。"""
    x, box = fcc(4, 0.95)
    rng = np.random.default_rng(seed)
    return x + rng.normal(0, 0.25, x.shape), box


def test_the_harmonics_are_those_of_scipy():
    d = np.random.default_rng(0).normal(size=(50, 3))
    d /= np.linalg.norm(d, axis=1, keepdims=True)
    polar, azimuth = np.arccos(d[:, 2]), np.arctan2(d[:, 1], d[:, 0])
    expected = [sph_harm_y(6, m, polar, azimuth) for m in range(7)]
    np.testing.assert_allclose(co.spherical_6(d), np.transpose(expected), atol=1e-12)


@pytest.mark.parametrize(
    ("lattice", "reach", "known", "neighbours"),
    [
        (fcc(3, 0.5), 1.6, 0.57452, 12),  # 格子定数 2
        (bcc(3), 1.1, 0.51069, 14),  # 二つ目の殻まで
        ((np.indices((4, 4, 4)).reshape(3, -1).T, 4.0), 1.1, 0.35355, 6),
    ],
)
def test_perfect_lattices_have_their_known_value(lattice, reach, known, neighbours):
    x, box = lattice
    found = co.order(x, box, reach)
    np.testing.assert_allclose(found.Q6, known, atol=1e-5)
    np.testing.assert_allclose(found.q6, known, atol=1e-5)
    np.testing.assert_allclose(found.q6_mean, known, atol=1e-5)
    assert (found.links == neighbours).all() and found.cluster == len(x)


def test_the_twelve_bonds_of_hcp_give_0_485():
    angle = np.arange(6) * np.pi / 3
    plane = np.stack([np.cos(angle), np.sin(angle), 0 * angle], axis=1)
    turn = np.arange(3) * 2 * np.pi / 3 + np.pi / 6
    up = np.stack([np.cos(turn), np.sin(turn), 0 * turn], axis=1) / np.sqrt(3)
    above = up + np.array([0, 0, np.sqrt(2 / 3)])
    bonds = np.concatenate([plane, above, above * [1, 1, -1]])
    q = co.spherical_6(bonds).mean(axis=0)
    size = (abs(q[0]) ** 2 + 2 * (abs(q[1:]) ** 2).sum()) * 4 * np.pi / 13
    assert np.sqrt(size) == pytest.approx(0.48476, abs=1e-5)


def test_turning_the_crystal_does_not_change_its_order():
    x, box = fcc(4, 0.95)
    rng = np.random.default_rng(1)
    bonds = rng.normal(size=(40, 3))
    bonds /= np.linalg.norm(bonds, axis=1, keepdims=True)
    turned = Rotation.random(random_state=2).apply(bonds)
    sizes = [co._square(co.spherical_6(d).mean(axis=0)[None]) for d in (bonds, turned)]
    assert sizes[0] == pytest.approx(sizes[1])
    found = co.order(x + np.array([0.3, 5.0, -9.0]), box, 1.4)
    np.testing.assert_allclose(found.Q6, co.order(x, box, 1.4).Q6)


def test_a_liquid_has_little_common_order_and_no_crystal():
    found = co.order(*liquid(), reach=1.4)
    assert found.Q6 < 0.15 and found.q6.mean() > 0.3 and found.cluster < 10


def test_the_cluster_counts_the_crystalline_part_only():
    x, box = fcc(4, 0.95)
    rng = np.random.default_rng(3)
    melted = x[:, 0] > 0.55 * box
    x = x + np.where(melted[:, None], rng.normal(0, 0.3, x.shape), 0.0)
    cluster = co.order(x, box, 1.4).cluster
    assert 0.3 * len(x) < cluster <= (~melted).sum() + 10


def test_freud_gives_the_same_numbers():
    freud = pytest.importorskip("freud")
    crystal, box = fcc(4, 0.95)
    rng = np.random.default_rng(4)
    for x in (crystal, crystal + rng.normal(0, 0.1, crystal.shape), liquid(5)[0]):
        mine = co.order(x, box, 1.4)
        cube = freud.box.Box.cube(box)
        system = (cube, cube.wrap(x))
        near = {"r_max": 1.4, "exclude_ii": True}
        each = freud.order.Steinhardt(l=6).compute(system, neighbors=near)
        mean = freud.order.Steinhardt(l=6, average=True)
        mean.compute(system, neighbors=near)
        solid = freud.order.SolidLiquid(6, co.ALIKE, co.ENOUGH)
        solid.compute(system, neighbors=near)
        np.testing.assert_allclose(mine.Q6, each.order, atol=1e-5)
        np.testing.assert_allclose(mine.q6, each.particle_order, atol=1e-4)
        np.testing.assert_allclose(mine.q6_mean, mean.particle_order, atol=1e-4)
        np.testing.assert_array_equal(mine.links, solid.num_connections)
        # freud は、結晶の原子が一つもなくても 1 と答えます
        assert max(mine.cluster, 1) == solid.largest_cluster_size


def test_an_atom_without_neighbours_asks_for_the_unit_of_length():
    x, box = fcc(4, 0.95)
    with pytest.raises(ValueError, match=r"原子 0 には.*長さの単位"):
        co.order(x, box, 0.5)
    with pytest.raises(ValueError, match="reach は"):
        co.order(x, box, box)
