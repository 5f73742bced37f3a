"""括弧を数える LSTM: PyTorch に一致し、ユニットの一つが深さを数えます。"""

import numpy as np
import pytest
import torch

from rnnbook.models.brackets import load_bracket_reader
from rnnbook.models.same_weights import to_torch_lstm
from rnnbook.tasks import brackets

READER = load_bracket_reader()


def in_torch(reader, text):
    """PyTorch の nn.LSTM で読んだ確率 (T,)。"""
    x = torch.eye(brackets.D, dtype=torch.float64)[brackets.encode(text)]
    with torch.no_grad():
        h, _ = to_torch_lstm(reader.params)(x[None])
    score = h[0] @ torch.from_numpy(reader.w_hy) + reader.b_y
    return torch.sigmoid(score).numpy()


@pytest.mark.parametrize("seed", range(5))
def test_the_probabilities_are_those_of_torch(seed):
    text = "".join(np.random.default_rng(seed).choice(list(brackets.ALPHABET), 40))
    np.testing.assert_allclose(
        READER.probability(text), in_torch(READER, text), atol=1e-9
    )


@pytest.mark.parametrize(("gate", "value"), [("f", 1.0), ("f", 0.5), ("i", 0.0)])
def test_a_fixed_gate_has_its_value_everywhere_and_the_rest_follows(gate, value):
    fixed = READER.with_gate_fixed(gate, value)
    trace = fixed.trace("a(b(c.d)e")
    np.testing.assert_allclose(getattr(trace, gate), value, atol=1e-15)
    np.testing.assert_allclose(
        trace.c[:, 1:],
        trace.f[:, 1:] * trace.c[:, :-1] + trace.i[:, 1:] * trace.c_tilde[:, 1:],
    )
    np.testing.assert_allclose(
        fixed.probability("a(b(c.d)e"), in_torch(fixed, "a(b(c.d)e"), atol=1e-9
    )


def test_one_unit_counts_the_depth():
    unit = READER.counting_unit()
    ids, _ = brackets.batch_ids(np.random.default_rng(7), 1, 2000)  # 別の系列
    text, depth = brackets.text(ids[0]), brackets.depths(ids[0])
    trace = READER.trace(text)
    c, i, f = (getattr(trace, name)[0, :, unit] for name in ("c", "i", "f"))
    assert abs(np.corrcoef(c, depth)[0, 1]) > 0.95
    letter, bracket = ids[0] >= brackets.FIRST_LETTER, ids[0] < brackets.STOP
    assert i[letter].mean() < 0.2 < 0.8 < i[bracket].mean()  # 書くのは括弧だけ
    assert f[letter & (depth > 0)].mean() > 0.9  # 数を覚えておく
    assert f[ids[0] == brackets.STOP].mean() < 0.3  # 文の終わりで捨てる


def test_each_fixed_gate_breaks_the_memory():
    x, y = brackets.batch(np.random.default_rng(8), 100, 64)
    assert READER.accuracy(x, y) > 0.99
    for gate, value in (("f", 1.0), ("f", 0.5), ("i", 0.0)):
        broken = READER.with_gate_fixed(gate, value).accuracy(x, y)
        assert broken < 0.9, (gate, value, broken)


def test_answers_of_another_shape_are_named_instead_of_stretched():
    x, y = brackets.batch(np.random.default_rng(8), 4, 6)
    with pytest.raises(ValueError, match=r"引数 y は形 \(4, 6\).*\(4, 1\)"):
        READER.accuracy(x, y[:, :1])


@pytest.mark.parametrize(
    ("gate", "value", "message"),
    [
        ("c", 0.5, "引数 gate は 'i', 'f', 'o' のどれかです。'c'"),
        ("f", 1.5, "引数 value は 0.0 以上 1.0 以下の数です。1.5"),
    ],
)
def test_a_gate_that_cannot_be_fixed_is_refused(gate, value, message):
    with pytest.raises(ValueError, match=message):
        READER.with_gate_fixed(gate, value)
