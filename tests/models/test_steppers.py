"""組織の統計を先へ進めるモデルの試験。"""

import numpy as np
import pytest
import torch

from rnnbook.models.steppers import OneFrame, Remember, forced, roll

MAKE = {
    "mlp": lambda: OneFrame(3, 8),
    "mlp4": lambda: OneFrame(3, 8, lags=4),
    "rnn": lambda: Remember(3, 8, "rnn"),
    "gru": lambda: Remember(3, 8, "gru"),
    "lstm": lambda: Remember(3, 8, "lstm"),
    "encdec": lambda: Remember(3, 8, "gru", decoder=True),
}


def shaken(name: str) -> torch.nn.Module:
    """出力の重みも 0 でないモデル。"""
    torch.manual_seed(0)
    model = MAKE[name]()
    torch.nn.init.normal_(model.readout.weight, std=0.3)
    return model


def pair(F: int = 12):
    rng = np.random.default_rng(1)
    z, u = rng.normal(size=(2, F, 3)), rng.normal(size=(2, F, 1))
    return torch.tensor(z).float(), torch.tensor(u).float()


@pytest.mark.parametrize("name", MAKE)
def test_an_untrained_model_says_that_nothing_changes(name):
    z, u = pair()
    told = roll(MAKE[name](), z[:, :5], u)
    assert torch.equal(told, z[:, 4:5].expand(-1, 7, -1))


@pytest.mark.parametrize("name", MAKE)
def test_the_first_rolled_frame_is_the_teacher_forced_one(name):
    if name == "encdec":
        pytest.skip("読むセルと進めるセルが別なので、教師強制とは同じになりません")
    z, u = pair()
    model = shaken(name)
    torch.testing.assert_close(
        roll(model, z[:, :5], u)[:, 0], forced(model, z, u)[:, 4]
    )


@pytest.mark.parametrize("name", MAKE)
def test_a_forecast_does_not_see_frames_or_temperatures_of_the_future(name):
    z, u = pair()
    model, later = shaken(name), u.clone()
    later[:, 8:] += 1.0
    before, after = roll(model, z[:, :5], u), roll(model, z[:, :5], later)
    # 画面 5, 6, 7 は、温度 u[5], u[6], u[7] で決まります
    torch.testing.assert_close(before[:, :3], after[:, :3])
    assert (before[:, 3:] - after[:, 3:]).abs().max() > 1e-4


@pytest.mark.parametrize("name", ["mlp", "mlp4", "gru"])
def test_only_a_memory_tells_apart_two_pasts_with_the_same_present(name):
    z, u = pair()
    other = z.clone()
    other[:, :4] += 1.0
    model = shaken(name)
    gap = (roll(model, z[:, :5], u) - roll(model, other[:, :5], u)).abs().max()
    assert gap < 1e-6 if name == "mlp" else gap > 1e-3


def test_the_decoder_has_a_cell_of_its_own():
    plain, split = Remember(3, 8), Remember(3, 8, decoder=True)
    size = {m: sum(p.numel() for p in m.parameters()) for m in (plain, split)}
    assert size[split] - size[plain] == 3 * 8 * (4 + 8 + 2)
