"""Keras の加法の注意は、手で書いたものと同じ値で、書く手続きは一つずつ渡します。"""

import numpy as np

from rnnbook.cells.attention import AdditiveParams, additive_attention
from rnnbook.models.keras_attention import SimpleAttention, keras_copier, keras_write


def test_the_layer_is_the_hand_written_attention():
    rng = np.random.default_rng(0)
    h, s = rng.normal(size=(2, 5, 4)), rng.normal(size=(2, 3, 4))
    layer = SimpleAttention(6)
    context, alpha = layer(h.astype("float32"), s.astype("float32"))
    W_1, b, W_2, v = (np.asarray(w, dtype=float) for w in layer.get_weights())
    params = AdditiveParams(W_1.T, W_2.T, b, v[:, 0])
    trace = additive_attention(s, h, h, params)
    np.testing.assert_allclose(np.asarray(alpha), trace.alpha, atol=1e-5)
    np.testing.assert_allclose(np.asarray(context), trace.out, atol=1e-5)


def test_writing_feeds_each_symbol_to_the_next_step():
    model = keras_copier(V=11, H=8)
    x = np.array([[3, 4, 5], [6, 7, 8]])
    written = keras_write(model, x, 3)
    given = np.pad(written[:, :-1], ((0, 0), (1, 0)), constant_values=1)
    p, _ = model.predict_on_batch([x, given])
    np.testing.assert_array_equal(p.argmax(axis=2), written)
