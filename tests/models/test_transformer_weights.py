"""写した重みは PyTorch の重みそのもので、勾配のない重みから勾配を写すことは断ります。"""

import numpy as np
import pytest
import torch
from torch import nn

from rnnbook.models.transformer import Block, SelfAttention
from rnnbook.models.transformer_weights import attention_params, block_params


def test_the_rows_of_queries_keys_and_values_are_told_apart():
    torch.manual_seed(0)
    layer, x = SelfAttention(6, 2), torch.randn(2, 5, 6)
    params = attention_params(layer)
    parts = layer.query_key_value(x).detach().view(2, 5, 3, 6)
    for k, name in enumerate("qkv"):
        W, b = getattr(params, f"W_{name}"), getattr(params, f"b_{name}")
        np.testing.assert_allclose(x.numpy() @ W.T + b, parts[:, :, k], atol=1e-6)
    assert params.heads == 2


def test_gradients_that_are_not_there_are_refused():
    with pytest.raises(ValueError, match="まだ勾配がありません"):
        block_params(Block(6, 2), grads=True)
    with pytest.raises(ValueError, match="引数 layer は SelfAttention"):
        attention_params(nn.Linear(6, 6))
