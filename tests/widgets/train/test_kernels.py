"""速い核（WebAssembly）は、読むための核（JavaScript）と同じ値になる。"""

import numpy as np
import pytest

TOLERANCE = 1e-5  # どの配列でも、いちばん大きな値に対して

# 核ごとの、配列の大きさと、そのあとの引数。M, K, N は行列の、B, H はセルの大きさ
MATRICES = {
    "addProduct": lambda M, K, N: ([M * N, M * K, K * N], [M, K, N]),
    "addTransposedProduct": lambda M, K, N: ([M * N, K * M, K * N], [M, K, N]),
    "fillRows": lambda M, K, N: ([M * N, N], [M, N]),
    "addColumns": lambda M, K, N: ([N, M * N], [M, N]),
    "transpose": lambda M, K, N: ([M * N, M * N], [M, N]),
}
CELLS = {
    "rnnForward": lambda B, H: ([B * H], [B * H]),
    "rnnBackward": lambda B, H: ([B * H] * 3, [B * H]),
    "reluForward": lambda B, H: ([B * H], [B * H]),
    "reluBackward": lambda B, H: ([B * H] * 3, [B * H]),
    "lstmForward": lambda B, H: ([4 * B * H] + [B * H] * 4, [B, H]),
    "lstmBackward": lambda B, H: ([4 * B * H] + [B * H] * 4, [B, H]),
    "gruForward": lambda B, H: ([3 * B * H] * 2 + [B * H] * 2, [B, H]),
    "gruBackward": lambda B, H: ([3 * B * H] * 2 + [B * H] * 3, [B, H]),
    "minGruForward": lambda B, H: ([2 * B * H] + [B * H] * 2, [B, H]),
    "minGruBackward": lambda B, H: ([2 * B * H] + [B * H] * 3, [B, H]),
}
# 前に k 個の見る所がある行から始まる、M 行 N 列
ATTENTION = {
    "softmaxSeen": lambda M, k, N: ([M * N], [M, N, k]),
    "softmaxBackward": lambda M, k, N: ([M * N] * 2, [M, N]),
}
RULES = {
    "squares": lambda n: ([n], [n]),
    "sgd": lambda n: ([n] * 2, [n, 0.7, 0.1]),
    "momentum": lambda n: ([n] * 3, [n, 0.7, 0.1]),
    "adam": lambda n: ([n] * 4, [n, 0.7, 0.1, 3]),
}

# 同じ配列を二つの核に渡し、返した数と、書き換えた配列をみな返す
BOTH = """async ([name, arrays, rest]) => {
  const { makeKernels } = await import("/nn/train/kernels.js");
  const { createWasmKernels } = await import("/nn/train/wasm_kernels.js");
  return [makeKernels(), createWasmKernels()].map((kernels) => {
    kernels.reserve(arrays.reduce((sum, values) => sum + values.length, 0));
    const mine = arrays.map((values) => {
      const array = kernels.alloc(values.length);
      array.set(values.map((v) => ({ NaN: NaN, inf: Infinity })[v] ?? v));
      return array;
    });
    const found = kernels[name](...mine, ...rest);
    return [...mine.map((array) => [...array].map((v) => (Number.isFinite(v) ? v : String(v)))), [found ?? 0]];
  });
}"""


@pytest.fixture
def both(bench):
    """both(核, 配列, 残りの引数) は、読むための核と速い核の、呼んだあとの配列。"""

    def run(name: str, arrays: list[np.ndarray], rest: list[float]):
        values = [array.tolist() for array in arrays]
        plain, fast = bench.evaluate(BOTH, [name, values, rest])
        return [[np.array(v, float) for v in each] for each in (plain, fast)]

    return run


def assert_equal(plain, fast):
    for k, (expected, found) in enumerate(zip(plain, fast, strict=True)):
        scale = max(np.abs(expected).max(), 1e-30)
        assert np.abs(found - expected).max() <= TOLERANCE * scale, f"配列 {k}"


def arrays_of(name: str, sizes: list[int], rng: np.random.Generator):
    """核に渡す値。σ や tanh のあとの値を受け取る核には、その範囲の値を。"""
    arrays = [rng.normal(size=size).astype(np.float32) for size in sizes]
    if name.endswith("Backward"):
        arrays = [np.tanh(array) for array in arrays]
    if name == "adam":
        arrays[3] = np.abs(arrays[3])
    return arrays


@pytest.mark.parametrize("name", MATRICES)
@pytest.mark.parametrize(
    "shape", [(1, 1, 1), (5, 3, 17), (4, 8, 8), (7, 130, 3), (32, 32, 10), (3, 5, 6)]
)
def test_a_matrix_kernel_equals_the_readable_one(both, name, shape):
    rng = np.random.default_rng(0)
    sizes, rest = MATRICES[name](*shape)
    assert_equal(*both(name, arrays_of(name, sizes, rng), rest))


@pytest.mark.parametrize("name", CELLS)
@pytest.mark.parametrize("shape", [(1, 1), (5, 3), (5, 17), (1, 32), (3, 6)])
def test_a_cell_kernel_equals_the_readable_one(both, name, shape):
    rng = np.random.default_rng(1)
    sizes, rest = CELLS[name](*shape)
    assert_equal(*both(name, arrays_of(name, sizes, rng), rest))


@pytest.mark.parametrize("name", ATTENTION)
@pytest.mark.parametrize("shape", [(1, 0, 0), (1, 1, 1), (6, 0, 5), (5, 13, 17)])
def test_an_attention_kernel_equals_the_readable_one(both, name, shape):
    rng = np.random.default_rng(3)
    sizes, rest = ATTENTION[name](*shape)
    plain, fast = both(name, arrays_of(name, sizes, rng), rest)
    if sizes[0]:
        assert_equal(plain, fast)


def test_a_row_of_weights_sums_to_1_and_sees_nothing_that_comes_later(both):
    e = np.array([[90, -90, 3, 0, 2]] * 4, np.float32)
    for alpha, *_ in both("softmaxSeen", [e.ravel()], [4, 5, 0]):
        alpha = alpha.reshape(4, 5)
        assert (alpha[np.triu_indices(4, m=5)] == 0).all()
        np.testing.assert_allclose(alpha.sum(1), [0, 1, 1, 1], rtol=1e-6)


@pytest.mark.parametrize("name", RULES)
@pytest.mark.parametrize("n", [1, 2, 3, 4, 103])
def test_an_optimizer_kernel_equals_the_readable_one(both, name, n):
    rng = np.random.default_rng(2)
    sizes, rest = RULES[name](n)
    assert_equal(*both(name, arrays_of(name, sizes, rng), rest))


def test_the_first_means_of_adam_are_the_shares_of_the_gradient(both):
    """1 − β₂ = 0.001 を 32 ビットの β₂ から求めると、v が 5·10⁻⁵ ずれ、どの一歩もそれだけ違う長さになる。"""
    g = np.random.default_rng(5).normal(size=64).astype(np.float32)
    _, (_, _, m, v, _) = both("adam", [0 * g, g, 0 * g, 0 * g], [64, 1, 0.1, 1])
    np.testing.assert_allclose(m, 0.1 * g, rtol=1e-6)
    np.testing.assert_allclose(v, 0.001 * g**2, rtol=1e-6)


def test_sigmoid_and_tanh_stay_close_to_the_exact_ones_over_the_whole_range(both):
    x = np.linspace(-60, 60, 4001).astype(np.float32)
    # minGRU の z = σ(x)。RNN の h = tanh(x)
    gates = np.concatenate([x, 0 * x])
    _, (sigma, *_) = both("minGruForward", [gates, 0 * x, 0 * x], [1, len(x)])
    _, (tanh, *_) = both("rnnForward", [x], [len(x)])
    exact = x.astype(float)
    assert np.abs(sigma[: len(x)] * (1 + np.exp(-exact)) - 1).max() < 1e-6
    assert np.abs(tanh - np.tanh(exact)).max() < 1e-6
    assert np.abs(tanh).max() <= 1


def test_a_row_of_a_cell_does_not_spill_into_its_neighbours(both):
    """H が 4 で割り切れないとき、余りの読み書きが隣の系列に混じらない。"""
    B, H = 4, 5
    a = np.zeros((B, 4, H), np.float32)
    a[2] = 3
    one = [a.ravel(), *(np.zeros(B * H, np.float32) for _ in range(4))]
    _, (_, _, c, _, h, _) = both("lstmForward", one, [B, H])
    for values in (c.reshape(B, H), h.reshape(B, H)):
        assert (values[[0, 1, 3]] == 0).all()
        assert (values[2] > 0.5).all()


@pytest.mark.parametrize("bad", ["NaN", "inf"])
@pytest.mark.parametrize("name", ["rnnForward", "reluForward", "lstmForward", "gruForward", "minGruForward", "softmaxSeen"])  # fmt: skip
def test_a_number_that_is_not_finite_stays_visible(bench, name, bad):
    """発散を run.js が見つけられるように。NaN は、どの核を通っても NaN のまま。"""
    sizes, rest = ([4], [1, 4, 4]) if name in ATTENTION else CELLS[name](1, 4)
    arrays = [[bad] * size for size in sizes]
    plain, fast = bench.evaluate(BOTH, [name, arrays, rest])
    for expected, found in zip(plain, fast, strict=True):
        assert [v == "NaN" for v in found] == [v == "NaN" for v in expected]


def test_a_reserve_drops_the_arrays_and_alloc_gives_zeros_again(bench):
    found = bench.evaluate("""async () => {
      const { createWasmKernels } = await import("/nn/train/wasm_kernels.js");
      const kernels = createWasmKernels();
      const clean = [];
      for (const n of [100, 300000, 100]) {
        kernels.reserve(n);
        const array = kernels.alloc(n);
        clean.push(array.length === n && array.every((v) => v === 0));
        array.fill(7);
      }
      return clean;
    }""")
    assert found == [True, True, True]


def test_more_than_was_reserved_is_refused_with_a_range_error(bench):
    found = bench.evaluate("""async () => {
      const { createWasmKernels } = await import("/nn/train/wasm_kernels.js");
      const errors = [];
      for (const act of [(k) => k.reserve(2 ** 31), (k) => { k.reserve(10); k.alloc(2 ** 20); }]) {
        try { act(createWasmKernels()); } catch (error) { errors.push(error.name); }
      }
      return errors;
    }""")
    assert found == ["RangeError", "RangeError"]


def test_a_page_that_refuses_webassembly_gets_null(page, modules_url):
    page.goto(modules_url + "kit/figure.css")
    page.evaluate("delete window.WebAssembly")
    found = page.evaluate(
        "async () => (await import('/nn/train/wasm_kernels.js')).createWasmKernels()"
    )
    assert found is None


def test_a_vanishing_gradient_does_not_reach_the_slow_tiny_numbers(both):
    """1e-38 より小さい非正規化数は百倍遅いので、1e-30 より小さい勾配は 0 になる。"""
    dh = np.array([1e-29, -1e-29, 1e-31, -1e-31], np.float32)
    zeros = np.zeros(4, np.float32)
    _, (da, *_) = both("rnnBackward", [zeros, dh, zeros], [4])
    np.testing.assert_allclose(da, [1e-29, -1e-29, 0, 0], rtol=1e-6)
