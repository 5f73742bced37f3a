"""付録「学習しないとき」の誤りについて。直す前を確かめが見つけ、直した後を通し、英文は本物です。"""

import warnings

import pytest
import torch
from torch import nn

from rnnbook.training.checks.finding import Finding
from rnnbook.training.faults import gpu, leaks, shapes
from rnnbook.training.faults.catalogue import FAULTS
from rnnbook.training.faults.fault import compare

named = {"ids": [fault.__name__ for fault in FAULTS]}
stopping = [
    (fault, text) for fault, text in FAULTS.items() if "stops" in fault.__module__
]


@pytest.mark.parametrize("fault", FAULTS, **named)
def test_the_check_sees_the_fault_and_lets_the_mended_pass(fault):
    pair = compare(fault)
    assert (pair.before.passed, pair.after.passed) == (False, True)
    assert pair.before.check == pair.after.check


@pytest.mark.parametrize(
    ("fault", "text"), stopping, ids=[fault.__name__ for fault, _ in stopping]
)
def test_the_message_is_the_one_that_the_library_says(fault, text):
    assert text, "止まる誤りには、英文があります"
    assert text in compare(fault).before.sentence


def test_the_warning_of_the_shapes_is_the_one_that_the_library_says():
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        nn.MSELoss()(torch.zeros(8, 1), torch.zeros(8))
    assert any(FAULTS[shapes.broadcast] in str(each.message) for each in said)


@pytest.mark.skipif(not torch.cuda.is_available(), reason="GPU がありません")
def test_cudnn_stops_a_gradient_in_eval_mode():
    pair = compare(gpu.cudnn_in_eval)
    assert "cudnn RNN backward can only be called in training mode" in (
        pair.before.sentence
    )


def test_a_check_that_sees_nothing_is_not_let_through():
    with pytest.raises(AssertionError, match="直す前に通らず"):
        compare(lambda mended: Finding("いつも通る", True, ""))
    with pytest.raises(AssertionError, match="直した後に通る"):
        compare(lambda mended: Finding("いつも通らない", False, ""))


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize(
    "fault",
    [shapes.batch_first, shapes.reshaped, shapes.two_directions, leaks.reads_backwards],
)
def test_the_answer_does_not_hang_on_the_seed(fault, seed):
    torch.manual_seed(seed)
    before = fault(False)
    torch.manual_seed(seed)
    assert (before.passed, fault(True).passed) == (False, True)


def test_keras_warns_in_these_words_of_a_layer_that_drops_the_mask():
    from rnnbook.models.keras_twins import keras

    class Mine(keras.layers.Layer):
        def call(self, x):
            return 2 * x

    model = keras.Sequential([keras.layers.Masking(), Mine(), keras.layers.GRU(2)])
    with pytest.warns(UserWarning, match="will therefore destroy the mask information"):
        model(torch.zeros(2, 3, 1).numpy())
