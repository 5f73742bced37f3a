"""誤りの一覧。付録「学習しないとき」は、この順に並びます。"""

from __future__ import annotations

from rnnbook.training.faults import flat, leaks, shapes, stops

# 誤り → ライブラリの出す英文（止まらない誤りでは空）。英文は requirements.txt のバージョンのものです
FAULTS = {
    stops.not_detached: "Trying to backward through the graph a second time",
    stops.graph_retained: "one of the variables needed for gradient computation "
    "has been modified by an inplace operation",
    stops.last_batch_is_small: "Expected hidden[0] size (1, 2, 8), got [1, 4, 8]",
    stops.no_feature_axis: "input.size(-1) must be equal to input_size. "
    "Expected 1, got 7",
    stops.double_input: "RNN input dtype (torch.float64) does not match weight dtype "
    "(torch.float32)",
    stops.float_target: "expected target dtype to be Long or Byte, but got Float",
    stops.class_axis_is_last: "Expected target size [4, 9], got [4, 7]",
    stops.unsorted_lengths: "`lengths` array must be sorted in decreasing order "
    "when `enforce_sorted` is True",
    stops.outside_vocabulary: "index out of range in self",
    stops.tuple_in_sequential: "linear(): argument 'input' (position 1) must be "
    "Tensor, not tuple",
    stops.tuple_between_layers: "'tuple' object has no attribute 'dim'",
    shapes.batch_first: "",
    shapes.reshaped: "",
    shapes.two_directions: "",
    shapes.broadcast: "Using a target size (torch.Size([8])) that is different to the "
    "input size (torch.Size([8, 1]))",
    shapes.reads_padding: "",
    shapes.keras_without_mask: "",
    shapes.dropout_left_on: "",
    flat.nan_in_input: "",
    flat.step_too_large: "",
    flat.unscaled: "",
    flat.softmax_twice: "",
    flat.gradients_pile_up: "",
    flat.detached_every_step: "",
    flat.forget_bias_twice: "",
    leaks.scaled_on_future: "",
    leaks.shuffled_time: "",
    leaks.unshifted_target: "",
    leaks.reads_backwards: "",
    leaks.gates_in_other_order: "",
    leaks.same_noise_in_workers: "",
}
