"""実験 copper_melting: 1000 K では結晶のまま、2000 K では融けること。"""

from rnnbook.data import load
from rnnbook.experiments import copper_melting as experiment

TABLE = load("copper_melting")


def end(T, column):
    return TABLE[TABLE["T"] == T][column].iloc[-10:]


def test_both_temperatures_begin_as_the_perfect_lattice():
    for T in experiment.TEMPERATURES:
        rows = TABLE[TABLE["T"] == T]
        assert len(rows) == experiment.FRAMES and rows["ps"].iloc[-1] == 3.0
        assert abs(rows["Q6"].iloc[0] - 0.5745) < 1e-3


def test_copper_melts_at_2000_K_and_not_at_1000_K():
    assert (end(1000, "Q6") > 0.4).all() and (end(1000, "cluster") > 100).all()
    assert (end(2000, "Q6") < 0.15).all() and (end(2000, "cluster") < 10).all()


def test_the_order_of_single_atoms_hardly_tells_a_liquid():
    # q_6 は液体でも小さくなりません
    assert end(2000, "q6").mean() > 0.6 * end(1000, "q6").mean()
    assert end(2000, "Q6").mean() < 0.3 * end(1000, "Q6").mean()


def test_a_wrong_result_is_seen_as_a_disagreement():
    point = experiment.EXPERIMENT.quick[0]
    solid = {"Q6": [0.5] * 20}
    assert not experiment.compare([(point, solid)])["一致"].any()
