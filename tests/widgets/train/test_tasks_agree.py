"""ページの中で作る系列は、rnnbook.tasks の系列と、同じ規則と同じ分布に従う。"""

import base64

import numpy as np
import pytest
from scipy import stats

from rnnbook.tasks import brackets, copy_memory, if_then, order, sine
from rnnbook.tasks.catalogue import TASKS as LADDER

TASKS = LADDER | {"brackets": brackets, "sine": sine}
CASES = [(task, T) for task in TASKS for T in (12, 13)]
B = 1500  # ページの系列の数
MANY = 20_000  # 比べる rnnbook の系列の数

# 数の並びは、長いので、バイト列を base64 にして受け取る
BATCH = """async ([name, B, T]) => {
  const text = (x) => {
    const bytes = new Uint8Array(x.buffer);
    let letters = "";
    for (let k = 0; k < bytes.length; k += 8192) letters += String.fromCharCode(...bytes.subarray(k, k + 8192));
    return btoa(letters);
  };
  const { TASKS } = await import("/nn/train/tasks.js");
  const { streamOf } = await import("/nn/train/streams.js");
  const task = TASKS[name];
  const steps = task.steps(T);
  const x = new Float32Array(steps * B * task.D);
  const y = task.output === "value" ? new Float32Array(B * task.O) : new Int32Array(task.output === "class" ? B : steps * B);
  task.fill(streamOf(7, T), x, y, B, T);
  const { D, O, output, metric, minT } = task;
  return { x: text(x), y: [...y], steps, D, O, output, metric, minT };
}"""


@pytest.fixture(scope="module")
def drawn(bench):
    """drawn("latch", T) は、ページの問題の約束と、系列 x (B, 時刻, D) と答え y。"""
    kept = {}

    def draw(task: str, T: int) -> dict:
        if (task, T) not in kept:
            found = bench.evaluate(BATCH, [task, B, T])
            shape = (found["steps"], B, found["D"])
            x = np.frombuffer(base64.b64decode(found["x"]), np.float32)
            found["x"] = x.reshape(shape).swapaxes(0, 1)
            y = np.array(found["y"])
            found["y"] = {
                "class": lambda: y,
                "value": lambda: y.reshape(B, -1),
                "sequence": lambda: y.reshape(-1, B).T,
            }[found["output"]]()
            kept[task, T] = found
        return kept[task, T]

    return draw


@pytest.mark.parametrize("task", TASKS)
def test_the_promise_of_the_task_is_the_one_of_the_book(drawn, task):
    found, module = drawn(task, 12), TASKS[task]
    assert (
        found["x"].shape[1:]
        == module.batch(np.random.default_rng(0), 1, 12)[0][0].shape
    )
    names = {
        "D": "D",
        "O": "O",
        "output": "OUTPUT",
        "metric": "METRIC",
        "minT": "MIN_T",
    }
    for ours, theirs in names.items():
        assert found[ours] == getattr(module, theirs), ours


VALUES = """async ([name, lengths, metrics]) => {
  const { TASKS, isSolved } = await import("/nn/train/tasks.js");
  const task = TASKS[name];
  return lengths.map((T) => ({ baseline: task.baseline(T), solved: metrics.map((m) => isSolved(task, m, T)) }));
}"""


@pytest.mark.parametrize("task", TASKS)
def test_the_memoryless_value_and_the_solved_line_are_those_of_the_book(bench, task):
    module = TASKS[task]
    lengths = [module.MIN_T, 12, 25, 100, 200]
    metrics = [*np.linspace(0, 1, 41), 0.989, 0.9901, 0.00999, 1e-5, 4e-5, 6e-5]
    for T, found in zip(
        lengths, bench.evaluate(VALUES, [task, lengths, metrics]), strict=True
    ):
        assert found["baseline"] == pytest.approx(module.baseline(T), rel=1e-12)
        assert found["solved"] == [module.is_solved(m, T) for m in metrics]


def features(x: np.ndarray, y: np.ndarray, O: int, output: str) -> np.ndarray:
    """一次と二次のモーメントになる量 (B, 数): x、x²、隣との積、答え、x と答えの積。"""
    if output == "value":
        answers = np.stack([y[:, 0], y[:, 0] ** 2], 1)
    else:
        answers = np.eye(O)[y].reshape(len(y), -1)
    flat = x.reshape(len(x), -1)
    beside = (x[:, 1:] * x[:, :-1]).reshape(len(x), -1)
    last = answers[:, -2:]
    crossed = (flat[:, :, None] * last[:, None]).reshape(len(x), -1)
    return np.concatenate([flat, flat**2, beside, answers, crossed], 1)


def distances(ours: np.ndarray, theirs: np.ndarray) -> np.ndarray:
    """二つの平均の差を、その標準誤差で割ったもの。どちらも動かない量は、差そのもの。"""
    gap = ours.mean(0) - theirs.mean(0)
    error = np.sqrt(theirs.var(0) * (1 / len(ours) + 1 / len(theirs)))
    return np.where(error > 1e-9, gap / np.maximum(error, 1e-9), 1e6 * np.abs(gap))


@pytest.mark.parametrize("task, T", CASES)
def test_every_moment_agrees_with_the_task_of_the_book(drawn, task, T):
    found, module = drawn(task, T), TASKS[task]
    x, y = module.batch(np.random.default_rng(1), MANY, T)
    of = (module.O, module.OUTPUT)
    z = distances(features(found["x"], found["y"], *of), features(x, y, *of))
    # 数千個の量の最大。正規分布なら、5.5 を超える確率は一万回に一回ほど
    assert np.abs(z).max() < 5.5
    # 散らばりも、偶然の大きさ: 標準化した差の二乗の平均は 1 ほど
    assert (z[z != 0] ** 2).mean() < 1.6


@pytest.mark.parametrize("task", ["latch", "if_then"])
def test_a_task_with_another_share_of_answers_is_told_apart(drawn, task):
    found, module = drawn(task, 12), TASKS[task]
    x, y = module.batch(np.random.default_rng(1), MANY, 12)
    kept = (y > 0) | (np.random.default_rng(2).random(len(y)) < 0.7)
    of = (module.O, module.OUTPUT)
    z = distances(
        features(found["x"], found["y"], *of), features(x[kept], y[kept], *of)
    )
    assert np.abs(z).max() > 5.5


def latch_rule(x, y, T):
    assert set(x[:, 0, 0]) == {-1.0, 1.0}
    np.testing.assert_array_equal(y, x[:, 0, 0] > 0)
    assert stats.kstest(x[:, 1:].ravel() / 0.2, "norm").pvalue > 1e-3


def order_rule(x, y, T):
    ids = x.argmax(-1)
    assert (ids[:, 0] == 0).all() and (ids[:, -1] == 1).all()
    assert ((ids[:, 1:-1] >= 2) & (ids[:, 1:-1] <= 7)).all()
    rows, times = np.nonzero(ids >= 6)
    first, second = times.reshape(-1, 2).T  # どの系列にも、ちょうど二か所
    np.testing.assert_array_equal(rows[::2], np.arange(B))
    assert set(first) == set(range(T // 10, 2 * T // 10 + 1))
    assert set(second) == set(range(5 * T // 10, 6 * T // 10 + 1))
    letters = [[order.SYMBOLS[ids[b, t[b]]] for t in (first, second)] for b in range(B)]
    assert [order.ANSWERS[k] for k in y] == ["".join(pair) for pair in letters]


def adding_rule(x, y, T):
    marks = x[..., 1]
    half = T // 2
    assert set(marks.ravel()) <= {0.0, 1.0}
    assert (marks[:, :half].sum(1) == 1).all() and (marks[:, half:].sum(1) == 1).all()
    np.testing.assert_allclose(y[:, 0], (x[..., 0] * marks).sum(1), atol=1e-6)
    assert stats.kstest(x[..., 0].ravel(), "uniform").pvalue > 1e-3
    for part in (marks[:, :half], marks[:, half:]):
        counts = part.sum(0)
        assert len(counts) == 1 or stats.chisquare(counts).pvalue > 1e-3


def copy_rule(x, y, T):
    ids, K = x.argmax(-1), copy_memory.K
    symbols = ids[:, :K]
    assert symbols.max() == 7 and (ids[:, T + K - 1] == copy_memory.GO).all()
    assert (np.delete(ids[:, K:], T - 1, 1) == copy_memory.BLANK).all()
    assert (y[:, : T + K] == copy_memory.BLANK).all()
    np.testing.assert_array_equal(y[:, T + K :], symbols)
    assert stats.chisquare(np.bincount(symbols.ravel())).pvalue > 1e-3


def if_then_rule(x, y, T):
    for row, answer in zip(x.argmax(-1), y, strict=True):
        first, condition, *between, then, target = if_then.words(row).split()
        assert (first, then, target) == ("if", "then", "TARGET")
        assert condition == if_then.CONDITIONS[answer]
        assert set(between) <= set(if_then.FILLERS)


def brackets_rule(x, y, T):
    for row, answers in zip(x.argmax(-1), y, strict=True):
        depths = brackets.depths(row)
        assert depths.max() <= brackets.MAX_DEPTH
        np.testing.assert_array_equal(answers, depths > 0)


def sine_rule(x, y, T):
    wave = np.concatenate([x[..., 0], y], 1)
    ahead = 2 * np.cos(sine.STEP) * wave[:, 1:-1] - wave[:, :-2]
    np.testing.assert_allclose(wave[:, 2:], ahead, atol=1e-6)
    # 位相は一様: cos と sin から戻して調べる
    slope = (x[:, 1, 0] - np.cos(sine.STEP) * x[:, 0, 0]) / np.sin(sine.STEP)
    phase = np.arctan2(x[:, 0, 0], slope) / (2 * np.pi) + 0.5
    assert stats.kstest(phase, "uniform").pvalue > 1e-3


@pytest.mark.parametrize("task, T", CASES)
def test_every_sequence_obeys_the_rule_of_the_task(drawn, task, T):
    found = drawn(task, T)
    x, y = found["x"], found["y"]
    if task not in ("latch", "adding", "sine"):
        assert set(x.ravel()) == {0.0, 1.0} and (x.sum(-1) == 1).all()
    globals()[f"{task}_rule"](x, y, T)


@pytest.mark.parametrize("task", TASKS)
def test_the_shortest_sequence_obeys_the_rule_too(drawn, task):
    T = TASKS[task].MIN_T
    found = drawn(task, T)
    x, y = found["x"], found["y"]
    if task == "sine":  # 一点では、位相が読めない
        assert np.abs(x).max() <= 1 and np.abs(y).max() <= 1
    else:
        globals()[f"{task}_rule"](x, y, T)
