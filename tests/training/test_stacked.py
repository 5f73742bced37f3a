"""いちどに学習した K 個のモデルは、一つずつ学習したものと同じです。"""

import copy

import numpy as np
import pytest
import torch
from torch import nn

from rnnbook.models.recurrent import CELLS, Recurrent
from rnnbook.training.many_seeds.scan import GRUScan, RNNScan
from rnnbook.training.many_seeds.stacked import Stacked, fit_stacked, losses_of

GOOD = torch.zeros(2, 4, 5, 1), torch.zeros(2, 4, 1)


def make(cell, kind, K=3):
    torch.manual_seed(0)
    options = {"V": 7, "E": 5} if kind == "words" else {"D": 2}
    O = 1 if kind == "numbers" else 3
    return [Recurrent(H=6, O=O, cell=cell, **options) for _ in range(K)]


def batches_of(kind, steps=6, K=3, B=4, T=9):
    random = torch.Generator().manual_seed(1)
    for _ in range(steps):
        if kind == "words":
            x = torch.randint(0, 7, (K, B, T), generator=random)
            yield x, torch.randint(0, 3, (K, B), generator=random)
        else:
            x = torch.randn(K, B, T, 2, generator=random)
            yield x, torch.randn(K, B, 1, generator=random)


@pytest.mark.parametrize("clip", [None, 0.1])
@pytest.mark.parametrize("kind", ["words", "numbers"])
@pytest.mark.parametrize("cell", CELLS)
def test_training_together_equals_training_one_by_one(cell, kind, clip):
    together = make(cell, kind)
    separate = copy.deepcopy(together)
    history = fit_stacked(together, batches_of(kind), learning_rate=0.01, clip=clip)
    loss_of = nn.CrossEntropyLoss() if kind == "words" else nn.MSELoss()
    for k, model in enumerate(separate):
        optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
        for step, (x, y) in enumerate(batches_of(kind)):
            loss = loss_of(model(x[k]), y[k])
            optimizer.zero_grad()
            loss.backward()
            if clip is not None:
                nn.utils.clip_grad_norm_(model.parameters(), clip)
            optimizer.step()
            assert history[step, k] == pytest.approx(loss.item(), abs=1e-5)
        for name, p in model.named_parameters():
            torch.testing.assert_close(
                dict(together[k].named_parameters())[name], p, atol=1e-5, rtol=0
            )


@pytest.mark.parametrize(
    ("scan", "gates", "extra"),
    [
        (lambda gi, W: RNNScan.apply(gi, W, False), 1, ()),
        (GRUScan.apply, 3, ((2, 1, 9),)),
    ],
)
def test_the_handwritten_backward_equals_finite_differences(scan, gates, extra):
    random = torch.Generator().manual_seed(0)
    inputs = [
        torch.randn(*shape, generator=random, dtype=torch.float64, requires_grad=True)
        for shape in ((2, 4, 2, 3 * gates), (2, 3 * gates, 3), *extra)
    ]
    assert torch.autograd.gradcheck(scan, inputs, atol=1e-6)


def test_the_forget_bias_is_the_sum_of_both_biases_of_pytorch():
    model = Recurrent(H=4, O=1, D=1, cell="lstm", forget_bias=3.0)
    total = model.recurrent.bias_ih_l0 + model.recurrent.bias_hh_l0
    assert torch.equal(total[4:8], torch.full((4,), 3.0))
    assert total[:4].abs().max() <= 1.0


def test_an_irnn_keeps_a_state_without_input_for_ever():
    model = Recurrent(H=4, O=1, D=1, cell="irnn")
    h0 = torch.tensor([[[0.0, 1.0, 2.0, 3.0]]])
    h, _ = model.recurrent(torch.zeros(1, 50, 1), h0)
    torch.testing.assert_close(h[:, -1], h0[0])


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({}, "引数 D と V"),
        ({"D": 1, "V": 2}, "引数 D と V"),
        (
            {"D": 1, "cell": "gru", "forget_bias": 1.0},
            "forget_bias は LSTM.*GRU のモデル",
        ),
        ({"D": 1, "cell": "elman"}, "引数 cell .*'elman'"),
        ({"D": 1, "cell": "lstm", "forget_bias": float("nan")}, "forget_bias は .*nan"),
        ({"D": 1, "cell": "lstm", "forget_bias": "large"}, "forget_bias は .*'large'"),
        ({"D": 1, "layers": 0}, "引数 layers は 1 以上.*0"),
    ],
)
def test_a_wrong_argument_of_the_model_is_named(options, words):
    with pytest.raises(ValueError, match=words):
        Recurrent(H=4, O=1, **options)


@pytest.mark.parametrize(
    ("models", "words"),
    [
        ([Recurrent(H=H, O=1, D=1) for H in (4, 5)], "同じ形のモデル"),
        ([Recurrent(4, 1, D=1, layers=2)] * 2, "一層、一方向"),
        ([Recurrent(4, 1, D=1, bidirectional=True)] * 2, "一層、一方向"),
        ([], "一つ以上のモデル"),
        ([Recurrent(4, 1, D=1), nn.Linear(4, 1)], r"models\[1\] は Recurrent.*Linear"),
    ],
)
def test_models_that_cannot_be_stacked_are_refused(models, words):
    with pytest.raises(ValueError, match=f"引数 .*{words}"):
        Stacked(models)


@pytest.mark.parametrize("cell", CELLS)
def test_the_state_of_a_stack_is_saved_and_loaded_like_that_of_any_module(cell):
    stacked, other = Stacked(make(cell, "words")), Stacked(make(cell, "words")[::-1])
    x = torch.randint(0, 7, (3, 4, 9), generator=torch.Generator().manual_seed(0))
    assert not torch.equal(stacked(x), other(x))
    other.load_state_dict(stacked.state_dict())
    assert torch.equal(stacked(x), other(x))
    counted = sum(p.numel() for model in stacked.models for p in model.parameters())
    assert sum(w.numel() for w in stacked.state_dict().values()) == counted


@pytest.mark.parametrize(
    ("y", "words"),
    [
        (torch.zeros(2, 5), r"予測と同じ形 \(2, 5, 3\).*形 \(2, 5\)"),
        (torch.zeros(5, 3), r"予測と同じ形 \(2, 5, 3\).*形 \(5, 3\)"),
        (torch.zeros(2, 5, 3).long(), r"形 \(2, 5\) の整数.*形 \(2, 5, 3\)"),
    ],
)
def test_answers_of_another_shape_are_never_stretched_to_fit(y, words):
    with pytest.raises(ValueError, match=f"引数 y は.*{words}"):
        losses_of(torch.zeros(2, 5, 3), y)


def test_a_model_that_leaves_keeps_its_weights_and_its_losses_end():
    models = make("gru", "numbers")
    start = [copy.deepcopy(model.state_dict()) for model in models]

    def leave(update, _):
        return [0, 2] if update == 2 else [] if update == 4 else None

    def batches():
        for update, (x, y) in enumerate(batches_of("numbers")):
            rows = [0, 1, 2] if update < 2 else [0, 2]
            yield x[rows], y[rows]

    losses = fit_stacked(models, batches(), after=leave)
    assert np.isfinite(losses).sum(0).tolist() == [4, 2, 4]
    alone = make("gru", "numbers")[1:2]
    part = [(x[1:2], y[1:2]) for x, y in batches_of("numbers", steps=2)]
    fit_stacked(alone, part)
    for name, p in models[1].state_dict().items():
        torch.testing.assert_close(p, alone[0].state_dict()[name])
        assert not torch.equal(p, start[1][name])


def test_a_model_in_a_stack_reads_only_its_own_sequence():
    stacked = Stacked(make("gru", "numbers"))
    x = torch.zeros(3, 2, 5, 2)
    before = stacked(x).detach().numpy()
    x[1] = 1.0
    changed = np.abs(stacked(x).detach().numpy() - before).max((1, 2)) > 0
    assert changed.tolist() == [False, True, False]


@pytest.mark.parametrize("cell", CELLS)
def test_models_that_stay_are_trained_as_if_the_others_had_never_been_there(cell):
    def train(stacked, optimizer, batches, rows):
        for x, y in batches:
            optimizer.zero_grad()
            ((stacked(x[rows]) - y[rows]) ** 2).sum().backward()
            optimizer.step()

    def start(models):
        stacked = Stacked(models)
        return stacked, torch.optim.Adam(list(stacked.parameters()), lr=0.01)

    models, batches = make(cell, "numbers"), list(batches_of("numbers"))
    stacked, optimizer = start(models)
    train(stacked, optimizer, batches[:3], [0, 1, 2])
    optimizer = stacked.keep([0, 2], optimizer)
    train(stacked, optimizer, batches[3:], [0, 2])
    alone, optimizer = start([models[0], models[2]])
    train(alone, optimizer, batches, [0, 2])
    for name, weights in stacked.weights.items():
        assert torch.allclose(weights, alone.weights[name], atol=1e-5), name


@pytest.mark.parametrize("cell", CELLS)
def test_stacked_models_answer_every_step_as_each_alone(cell):
    torch.manual_seed(0)
    models = [Recurrent(4, 3, D=2, cell=cell, every_step=True) for _ in "ab"]
    x = torch.randn(2, 5, 7, 2)
    separate = torch.stack([model(x[k]) for k, model in enumerate(models)])
    assert torch.allclose(Stacked(models)(x), separate, atol=1e-6)


@pytest.mark.parametrize("kind", ["words", "numbers"])
@pytest.mark.parametrize("cell", CELLS)
def test_the_gradients_are_those_of_the_sum_of_the_losses_and_add_up(cell, kind):
    ours, expected = Stacked(make(cell, kind)), Stacked(make(cell, kind))
    for x, y in batches_of(kind, steps=2):
        losses = losses_of(expected(x), y)
        losses.sum().backward()
        torch.testing.assert_close(ours.backward(x, y), losses.detach())
    for name, weights in expected.weights.items():
        torch.testing.assert_close(ours.weights[name].grad, weights.grad)


@pytest.mark.parametrize("clip", [None, 1.0])
@pytest.mark.parametrize("cell", ["irnn", "lstm"])
def test_a_model_that_diverges_keeps_its_last_finite_weights_and_the_others_go_on(
    cell, clip
):
    models, alone = make(cell, "numbers"), make(cell, "numbers")[::2]

    def batches(rows):
        for update, (x, y) in enumerate(batches_of("numbers")):
            if update == 2:
                y[1] = 1e30  # 一番だけ、三回目の損失が無限大になります
            yield x[rows], y[rows]

    before = make(cell, "numbers")[1:2]
    fit_stacked(before, list(batches([1]))[:2], clip=clip)
    with pytest.warns(RuntimeWarning, match=r"3 個のモデルのうち 1 個（番号 1）.*発散"):
        losses = fit_stacked(models, batches([0, 1, 2]), clip=clip)
    fit_stacked(alone, batches([0, 2]), clip=clip)
    assert np.isfinite(losses[:, [0, 2]]).all()
    assert np.isfinite(losses[:2, 1]).all() and not np.isfinite(losses[2:, 1]).any()
    expected = [alone[0], before[0], alone[1]]
    for model, twin in zip(models, expected, strict=True):
        for name, p in model.named_parameters():
            torch.testing.assert_close(p, twin.get_parameter(name), msg=name)


def test_a_diverged_model_leaves_with_its_last_finite_weights():
    models = make("gru", "numbers", K=2)

    def batches():
        for update, (x, y) in enumerate(batches_of("numbers", K=2)):
            rows = [0, 1] if update < 4 else [1]
            y[0] = 1e30 if update == 1 else y[0]
            yield x[rows], y[rows]

    after = lambda update, _: [1] if update == 4 else None  # noqa: E731
    with pytest.warns(RuntimeWarning, match="番号 0"):
        fit_stacked(models, batches(), after=after)
    for model in models:
        assert all(torch.isfinite(p).all() for p in model.parameters())


@pytest.mark.parametrize(
    ("batches", "how", "words"),
    [
        (3, {}, "引数 batches は .*組を次々に出すものです。int が"),
        ([], {}, "引数 batches は、一つ以上のバッチ.*空でした"),
        ([3], {}, r"引数 batches の 1 個目は \(x, y\) の組です。int が"),
        ([(np.zeros((2, 4, 5, 1)), 0)], {}, "引数 x は Tensor です。ndarray が"),
        (
            [(torch.zeros(2, 4, 5), 0)],
            {},
            r"テンソル \(K, B, T, D\) です。形 \(2, 4, 5",
        ),
        ([(torch.zeros(2, 4, 5, 3), 0)], {}, r"引数 x は形 \(B, T, 1\)"),
        (
            [(torch.zeros(2, 4, 5, 1).double(), 0)],
            {},
            r"float32（cpu）.*float64（cpu）",
        ),
        ([(torch.zeros(2, 4, 5, 1), 0)], {}, "引数 y は Tensor です。int が"),
        ([GOOD], {"after": 3}, "引数 after は呼び出せるもの.*3 が"),
        (
            [GOOD],
            {"after": lambda n, many: [2]},
            r"after は 0 以上 2 未満.*\[2\] が返り",
        ),
        ([GOOD], {"after": lambda n, many: 1}, "after は 0 以上 2 未満.*1 が返り"),
    ],
)
def test_a_wrong_argument_of_the_training_together_is_named(batches, how, words):
    with pytest.raises(ValueError, match=words):
        fit_stacked([Recurrent(4, 1, D=1) for _ in range(2)], batches, **how)


@pytest.mark.parametrize("label", [-1, 4, -100])
def test_a_label_that_is_no_class_is_named(label):
    with pytest.raises(ValueError, match=f"引数 y は 0 以上 O = 4 未満.*{label} が"):
        losses_of(torch.zeros(2, 3, 4), torch.full((2, 3), label))


@pytest.mark.parametrize("cell", ["rnn", "lstm"])
def test_a_number_of_series_that_is_not_the_number_of_models_is_named(cell):
    stacked = Stacked([Recurrent(H=4, O=2, D=1, cell=cell) for _ in range(2)])
    with pytest.raises(
        ValueError, match=r"引数 x は先頭の長さがモデルの数 2 .*形 \(3,"
    ):
        stacked(torch.zeros(3, 5, 6, 1))


@pytest.mark.parametrize("word", [-1, 3])
def test_a_word_outside_the_vocabulary_does_not_read_another_models_table(word):
    stacked = Stacked([Recurrent(H=4, O=2, V=3, cell="gru") for _ in range(2)])
    with pytest.raises(ValueError, match=rf"引数 x は 0 以上 V = 3 未満.*{word} が"):
        stacked(torch.full((2, 5, 6), word))


@pytest.mark.parametrize("device", ["foo", 3.5, "cuda:99"])
def test_a_device_that_is_not_there_is_named(device):
    with pytest.raises(ValueError, match=f"引数 device .*{device}"):
        Stacked(make("rnn", "numbers"), device)
