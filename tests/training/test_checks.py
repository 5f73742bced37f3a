"""学習を始める前の十の確かめ: 健康なモデルを通し、病んだモデルを名指し、何も変えません。"""

import copy

import numpy as np
import pytest
import torch
from torch import nn

from rnnbook.models.recurrent import Recurrent
from rnnbook.training.checks import data, learning, outputs
from rnnbook.training.checks.ten import diagnose


@pytest.fixture(autouse=True)
def _seed():
    torch.manual_seed(0)


def sums(every_step=False):
    x = torch.randn(8, 6, 1)
    return (x, x.cumsum(1) / 2) if every_step else (x, x.sum(1) / 2)


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
@pytest.mark.parametrize("every_step", [False, True])
def test_a_healthy_model_passes_all_ten(cell, every_step):
    model = Recurrent(H=16, O=1, D=1, cell=cell, every_step=every_step)
    found = diagnose(model, sums(every_step), nn.MSELoss())
    assert found.failed() == []
    assert len(found.findings) == 10
    skipped = [each.check for each in found.findings if each.passed is None]
    assert skipped == ([] if every_step else ["先を読まない"])


def test_a_healthy_classifier_of_ids_passes():
    x = torch.randint(0, 5, (8, 6))
    model = Recurrent(H=16, O=3, V=5, cell="gru")
    found = diagnose(model, (x, x[:, 0] % 3), nn.CrossEntropyLoss())
    assert found.failed() == []


def test_a_module_of_someone_else_is_read_too():
    class Convolution(nn.Module):
        def __init__(self):
            super().__init__()
            self.layers = nn.Sequential(nn.Conv1d(1, 16, 6), nn.Tanh(), nn.Flatten())
            self.readout = nn.Linear(16, 1)

        def forward(self, x):
            return self.readout(self.layers(x.transpose(1, 2)))

    assert diagnose(Convolution(), sums(), nn.MSELoss()).failed() == []


def test_nothing_is_changed_by_the_ten():
    model = Recurrent(H=8, O=1, D=1, cell="gru").train()
    batch = sums()
    kept = copy.deepcopy((model.state_dict(), batch))
    state, numpy_state = torch.get_rng_state(), np.random.get_state()[1].copy()
    diagnose(model, batch, nn.MSELoss())
    assert model.training
    assert all(p.grad is None for p in model.parameters())
    for key, value in model.state_dict().items():
        assert torch.equal(value, kept[0][key])
    assert all(torch.equal(a, b) for a, b in zip(batch, kept[1], strict=True))
    assert torch.equal(torch.get_rng_state(), state)
    assert np.array_equal(np.random.get_state()[1], numpy_state)


@pytest.mark.parametrize(
    ("change", "name"),
    [
        (lambda x, y: (x * 1e4, y), "値が有限で、ほどよい大きさ"),
        (lambda x, y: (x, y[:, 0]), "予測と正解の形が合う"),
        (lambda x, y: (x.double(), y), "例どうしが混ざらない"),
        (lambda x, y: (x, y + 19), "何も知らない所から始まる"),
    ],
)
def test_a_sick_batch_is_named(change, name):
    model = Recurrent(H=8, O=1, D=1, cell="gru")
    assert name in diagnose(model, change(*sums()), nn.MSELoss()).failed()


class Ignores(nn.Module):
    """はじめの二時刻を読まず、使わない重みを持つモデル。"""

    def __init__(self):
        super().__init__()
        self.inner = Recurrent(H=8, O=1, D=1, cell="gru")
        self.unused = nn.Linear(1, 1)

    def forward(self, x):
        return self.inner(x[:, 2:])


def test_unread_steps_and_unused_weights_are_named():
    found = diagnose(Ignores(), sums(), nn.MSELoss())
    said = {each.check: each.sentence for each in found.findings}
    assert "時刻 1、2 の入力" in said["すべての時刻を読む"]
    assert "unused" in said["勾配がすべての重みに届く"]


def test_a_model_with_its_own_random_numbers_does_not_repeat():
    class Noisy(Recurrent):
        rng = np.random.default_rng(0)

        def forward(self, x):
            return super().forward(x) + float(self.rng.normal())

    failed = diagnose(Noisy(H=8, O=1, D=1), sums(), nn.MSELoss()).failed()
    assert {"同じ入力に同じ答え", "同じ種に同じ学習"} <= set(failed)


def test_labels_that_are_noise_to_the_input_cannot_be_memorised():
    x = torch.zeros(8, 6, 1)  # どの例も同じ入力
    found = learning.memorises_one_batch(
        Recurrent(H=8, O=1, D=1), (x, torch.randn(8, 1)), nn.MSELoss()
    )
    assert found.passed is False


def test_the_ignorant_loss_is_the_variance_and_the_logarithm():
    y = torch.randn(50, 2)
    assert learning.ignorant_loss(y * 0, y, nn.MSELoss()) == pytest.approx(
        y.var(0, unbiased=False).mean().item(), rel=1e-5
    )
    scores, y = torch.zeros(50, 7), torch.randint(0, 7, (50,))
    assert learning.ignorant_loss(scores, y, nn.CrossEntropyLoss()) == pytest.approx(
        np.log(7), rel=1e-5
    )


def test_a_mixing_of_only_the_earlier_examples_is_seen():
    x = torch.randn(5, 4, 1)
    assert outputs.examples_are_independent(lambda x: x[:, 0], x).passed
    for mixes in (lambda x: x.cumsum(0)[:, 0], lambda x: x.flip(0).cumsum(0)[:, 0]):
        assert outputs.examples_are_independent(mixes, x).passed is False


def test_a_leak_of_one_step_is_seen():
    x = torch.randn(4, 9, 1)
    leaky = lambda x: torch.cat([x[:, 1:], x[:, :1]], 1)  # noqa: E731
    assert outputs.does_not_look_ahead(leaky, x).passed is False


def test_windows_that_touch_but_share_no_step_are_let_through():
    assert data.split_follows_time([0, 1, 2], [6], width=4).passed
    assert data.split_follows_time([0, 1, 2], [5], width=4).passed is False


@pytest.mark.parametrize(
    ("batch", "words"),
    [
        (torch.zeros(3), "引数 batch は、入力と正解の組"),
        ((torch.zeros(1, 4, 1), torch.zeros(1, 1)), "例を二つ以上"),
        ((torch.zeros(3, 4, 1), torch.zeros(2, 1)), "例を二つ以上"),
        ((np.zeros((3, 4, 1)), torch.zeros(3, 1)), "引数 batch"),
    ],
)
def test_a_batch_of_another_kind_is_refused_in_words(batch, words):
    with pytest.raises(ValueError, match=words):
        diagnose(Recurrent(H=4, O=1, D=1), batch, nn.MSELoss())


def test_a_model_that_returns_a_pair_is_told_what_to_take():
    found = diagnose(nn.GRU(1, 4, batch_first=True), sums(), nn.MSELoss())
    assert "例どうしが混ざらない" in found.failed()
    assert "tuple が渡されました" in found.findings[3].sentence


class Tagger(nn.Module):
    """番号の列を読み、どの時刻でも次の番号の得点を出します: (B, T) → (B, V, T)。"""

    def __init__(self, both_ways=False, skipped=0):
        super().__init__()
        self.embedding, self.skipped = nn.Embedding(9, 8), skipped
        self.lstm = nn.LSTM(8, 16, batch_first=True, bidirectional=both_ways)
        self.readout = nn.Linear(32 if both_ways else 16, 9)

    def forward(self, x):
        return self.readout(self.lstm(self.embedding(x[:, self.skipped :]))[0]).mT


@pytest.mark.parametrize("both_ways", [False, True])
def test_scores_of_all_steps_are_asked_whether_they_look_ahead(both_ways):
    x = torch.randint(0, 9, (8, 12))
    found = outputs.does_not_look_ahead(Tagger(both_ways), x)
    assert found.passed is not both_ways


def test_a_fresh_lstm_that_forgets_below_the_rounding_still_reads_every_step():
    x, ids = torch.randn(8, 200, 1), torch.randint(0, 9, (8, 150))
    lstm = Recurrent(H=16, O=1, D=1, cell="lstm")
    other = x.clone()
    other[:, 0] = -x[:, 0]
    assert torch.equal(lstm(x), lstm(other))  # 動かないのに、勾配はあります
    assert outputs.every_step_is_read(lstm, x).passed

    class Last(Tagger):
        def forward(self, x):
            return super().forward(x)[..., -1]

    assert outputs.every_step_is_read(Last(), ids).passed
    assert outputs.every_step_is_read(Last(skipped=2), ids).passed is False


def test_a_linear_model_and_an_uncentred_answer_start_well_enough():
    x = torch.rand(16, 12, 2)
    y = x.sum((1, 2))[:, None] / 10  # 平均 1.2
    linear = nn.Sequential(nn.Flatten(), nn.Linear(24, 1))
    said = learning.starts_at_ignorance(linear, (x, y + 0.3 * y.std()), nn.MSELoss())
    assert said.passed is False  # 平均が標準偏差よりずっと大きい
    scaled = (y - y.mean()) / y.std()
    assert learning.starts_at_ignorance(linear, (x, scaled), nn.MSELoss()).passed


def test_a_model_that_keeps_its_state_is_left_as_it_was():
    class Keeps(Recurrent):
        seen = 0

        def forward(self, x):
            self.seen += len(x)
            return super().forward(x)

    model = Keeps(H=8, O=1, D=1, cell="gru")
    diagnose(model, sums(), nn.MSELoss())
    assert model.seen == 0


def test_a_whole_number_to_be_measured_is_told_to_become_real():
    x, y = torch.randn(8, 6, 1), torch.arange(8)[:, None]
    found = diagnose(Recurrent(H=8, O=1, D=1), (x, y), nn.MSELoss())
    assert "y.float()" in found.findings[1].sentence


def test_a_loss_of_another_shape_is_compared_with_its_own_start():
    def gaussian(prediction, y):
        mean, log_variance = prediction.chunk(2, 1)
        return nn.functional.gaussian_nll_loss(mean, y, log_variance.exp())

    model = Recurrent(H=16, O=2, D=1, cell="gru")
    found = learning.memorises_one_batch(model, sums(), gaussian)
    assert found.passed and "始めの損失の 1/10" in found.sentence
    below = learning.memorises_one_batch(
        model, sums(), lambda prediction, y: gaussian(prediction, y) - 99
    )
    assert below.passed is None


def test_a_transformer_is_memorised_without_its_dropout():
    layer = nn.TransformerEncoderLayer(16, 2, 32, dropout=0.9, batch_first=True)
    model = nn.Sequential(nn.Linear(1, 16), layer, nn.Flatten(), nn.Linear(16 * 6, 1))
    assert learning.memorises_one_batch(model, sums(), nn.MSELoss()).passed
    assert layer.self_attn.dropout == 0.9
