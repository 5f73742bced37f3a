"""読者の規則と系列: 読めるものは数になり、読めないものには、どこの何がなぜ読めないかを言う。"""

import numpy as np
import pytest
from sklearn.linear_model import Ridge

RULE, SERIES = "playground/own_rule.js", "playground/own_series.js"
NOTE = "playground/own_data.js"

PARITY = "\n".join(f"{n:05b} {n.bit_count() % 2}" for n in range(32))


def wave(n: int) -> np.ndarray:
    """周期の違う波の和と、決まった雑音。"""
    t = np.arange(n)
    noise = np.random.default_rng(0).normal(0, 0.3, n)
    return 5 + np.sin(0.5 * t) + 0.4 * np.sin(1.3 * t) + noise


def text_of(values) -> str:
    return "\n".join(repr(float(v)) for v in values)


@pytest.fixture
def note(call):
    """note("own_rule", 文, T) は、使えないときの理由。使えるなら数を言う文。"""

    def ask(task: str, text: str, T: int = 5) -> tuple[bool, str]:
        found = call(NOTE, "ownNote", task, text, T)
        return found["refused"], found["note"]

    return ask


@pytest.mark.parametrize(
    "text",
    [
        "011 1\n01 0",
        "０１１　１\r\n０１ ０\r\n",
        "\n  011   1  \n\n01\t0\n",
    ],
)
def test_a_rule_is_read_whatever_the_width_and_the_blanks(call, text):
    rule = call(RULE, "parseRule", text)
    assert rule["symbols"] == ["0", "1"] and rule["answers"] == ["1", "0"]
    assert [example["ids"] for example in rule["examples"]] == [[0, 1, 1], [0, 1]]
    assert [example["answer"] for example in rule["examples"]] == [0, 1]
    assert rule["length"] == 3


def test_symbols_and_answers_may_be_words_of_the_reader(call):
    rule = call(RULE, "parseRule", "あいう 晴れ\nabc 雨\nXYZ 晴れ")
    assert rule["answers"] == ["晴れ", "雨"] and len(rule["symbols"]) == 9


@pytest.mark.parametrize(
    "text, words",
    [
        ("", ["例が 0 個", "2 個以上"]),
        ("011 1", ["例が 1 個", "2 個以上"]),
        ("01 1\n0110", ["2 行目の「0110」", "0110 1 のように"]),
        ("01 1\n0 1 1 0", ["2 行目の「0 1 1 0」", "0110 1 のように"]),
        ("01 1\n\n0-1 0", ["3 行目の「0-1 0」", "「-」", "文字と数字"]),
        ("01 1\n01 0", ["2 行目の「01 0」", "1 行目と答えが違います", "1 と 0"]),
        ("01 1\n00 0\n01 1", ["3 行目の「01 1」", "1 行目と同じ例"]),
        ("01 1\n00 1", ["どの例の答えも「1」", "違う例"]),
        ("01 1\n" + 101 * "0" + " 0", ["2 行目", "101 個", "100 個まで"]),
        ("abcdefghijklmnopqrst 1\nu 0", ["2 行目", "21 種類めの記号「u」"]),
        (
            "\n".join(f"{n} 答{n}" for n in range(1, 12)),
            ["11 行目", "11 種類めの答え「答11」"],
        ),
        (
            "\n".join(f"{n:010b} {n % 2}" for n in range(1001)),
            ["1001 行目", "1000 個まで"],
        ),
    ],
)
def test_a_line_that_cannot_be_read_is_named_with_what_is_expected(note, text, words):
    refused, sentence = note("own_rule", text)
    assert refused
    for word in words:
        assert word in sentence


def test_three_tenths_of_the_rule_are_hidden_from_training(call):
    rule = call(RULE, "parseRule", PARITY)
    train, held = set(rule["train"]), set(rule["held"])
    assert len(held) == 9 and not train & held and train | held == set(range(32))
    # 書いた順の終わりだけを隠さない
    assert min(held) < 16


def test_a_short_list_of_examples_is_trained_whole(call):
    rule = call(RULE, "parseRule", "\n".join(PARITY.splitlines()[:9]))
    assert rule["train"] == list(range(9)) and rule["held"] == []


IN_PAGE = """async ([module, parse, text, call, args]) => {
  const found = await import("/" + module);
  const score = (f) => (x) => f(Array.from(x));
  const plain = (v) => ArrayBuffer.isView(v) ? [...v] : v && typeof v === "object" && !Array.isArray(v)
    ? Object.fromEntries(Object.entries(v).map(([k, w]) => [k, plain(w)])) : v;
  const given = args.map((a) => (a === "sum" ? score((x) => [x.reduce((s, v) => s + v, 0)])
    : a === "ones" ? score((x) => { const n = x.filter((_, k) => k % 2 && x[k]).length % 2; return [1 - n, n]; }) : a));
  return plain(found[call](found[parse](text), ...given));
}"""


@pytest.fixture
def ask(bench):
    """ask(モジュール, 読む関数, 文, 関数, 引数…) は、読んだものに関数を使った値。"""
    return lambda *a: bench.evaluate(IN_PAGE, [*a[:4], list(a[4:])])


def test_an_example_is_read_first_and_then_waits_with_zeros(ask):
    example = ask(RULE, "parseRule", "ab 1\nb 0", "ruleExample", 0, 4)
    assert example == {"x": [1, 0, 0, 1, 0, 0, 0, 0], "y": 0}
    assert ask(RULE, "parseRule", "ab 1\nb 0", "ruleSteps", 1) == 2


def test_the_memoryless_accuracy_is_the_best_guess_from_the_last_symbol(ask, call):
    text = "\n".join(PARITY.splitlines()[:9])  # 学習は全部、終わりの記号が見える
    rows = [line.split() for line in text.splitlines()]
    best = sum(
        max(sum(w[-1] == s and a == k for w, a in rows) for k in "01") for s in "01"
    )
    assert ask(RULE, "parseRule", text, "ruleBaseline", 5) == pytest.approx(best / 9)
    # 待つなら、最後は空白しか見えない
    share = max(sum(a == k for _, a in rows) for k in "01") / 9
    assert ask(RULE, "parseRule", text, "ruleBaseline", 6) == pytest.approx(share)


def test_the_rule_itself_answers_every_hidden_example(ask):
    score = ask(RULE, "parseRule", PARITY, "ruleScore", 8, "ones")
    assert score["count"] == 9 and score["accuracy"] == 1
    assert score["trained"] == [23, 23]
    assert 0 <= score["memoryless"] < 1


@pytest.mark.parametrize("mark", [",", "，", "、", " ", "　", "\t", "\n", "\r\n", "; "])
def test_a_series_is_read_whatever_stands_between_the_numbers(call, mark):
    values = [0.5 * k - 3 for k in range(24)]
    series = call(SERIES, "parseSeries", mark.join(map(str, values)))
    assert series["numbers"] == values and series["cut"] == 16


def test_full_width_digits_signs_and_powers_are_numbers(call):
    text = "１．５, −2，＋3　1e-3 -.5 4." + " 7 8" * 10
    assert call(SERIES, "parseSeries", text)["numbers"][:6] == [
        1.5,
        -2,
        3,
        0.001,
        -0.5,
        4,
    ]


def test_the_scale_is_that_of_the_first_seven_tenths_alone(call):
    values = wave(100)
    values[70:] += 50
    series = call(SERIES, "parseSeries", text_of(values))
    known = values[:70]
    assert series["mean"] == pytest.approx(known.mean())
    assert series["deviation"] == pytest.approx(known.std())
    z = (
        list(series["values"].values())
        if isinstance(series["values"], dict)
        else series["values"]
    )
    np.testing.assert_allclose(z, (values - known.mean()) / known.std(), rtol=1e-12)


@pytest.mark.parametrize(
    "text, words",
    [
        ("1, 2, 3", ["数が 3 個", "20 個以上"]),
        ("1, 2\n3, abc, 5", ["2 行目の 2 番め", "「abc」", "1.2e-3"]),
        ("1, 2\n3,, 5", ["2 行目の 2 番めが空", "抜けた値"]),
        ("1\t\t3", ["1 行目の 2 番めが空"]),
        ("1, NaN", ["1 行目の 2 番め", "「NaN」"]),
        ("2026-11-27 3.5", ["1 行目の 1 番め", "「2026-11-27」"]),
        ("1e999", ["1 行目の 1 番め", "大きすぎます"]),
        ("7 " * 30, ["はじめの 7 割（21 個）", "7"]),
        ("1 2 " * 1001, ["数が 2002 個", "2000 個まで"]),
    ],
)
def test_a_number_that_cannot_be_read_is_named_with_its_place(note, text, words):
    refused, sentence = note("own_series", text)
    assert refused
    for word in words:
        assert word in sentence


def test_a_pasted_table_is_said_to_be_read_as_one_series(note):
    table = "\n".join(f"{k}\t{k**2}\t{k**3 % 7}" for k in range(10))
    refused, sentence = note("own_series", table)
    assert (
        not refused and "10 行 × 3 個を、左から右、上から下への一つの系列" in sentence
    )
    for plain in (table.replace("\n", "\t"), table.replace("\t", "\n"), table + "\n5"):
        assert "行 ×" not in note("own_series", plain)[1]


def test_a_window_longer_than_the_series_is_refused_with_the_longest(note):
    text = text_of(wave(40))  # 学習に 28 個
    assert note("own_series", text, 23)[0] is False
    refused, sentence = note("own_series", text, 24)
    assert refused and "T が 24" in sentence and "1 から 23" in sentence


def windows(values: np.ndarray, T: int) -> tuple[np.ndarray, np.ndarray, int]:
    """標準化した窓 (N, T)、次の値 (N,)、学習の窓の数。"""
    cut = int(0.7 * len(values))
    z = (values - values[:cut].mean()) / values[:cut].std()
    cuts = np.lib.stride_tricks.sliding_window_view(z, T + 1)
    return cuts[:, :-1], cuts[:, -1], cut - T


@pytest.mark.parametrize("T", [1, 6, 25])
def test_the_windows_of_training_never_see_the_last_three_tenths(ask, T):
    values = wave(90)
    x, y, N = windows(values, T)
    assert ask(SERIES, "parseSeries", text_of(values), "trainWindows", T) == N
    held = ask(SERIES, "parseSeries", text_of(values), "heldWindows", T)
    assert held == list(range(N, len(x)))
    for n in (0, N - 1, held[-1]):
        found = ask(SERIES, "parseSeries", text_of(values), "seriesExample", n, T)
        np.testing.assert_allclose(found["x"], x[n], atol=1e-6)
        assert found["y"] == pytest.approx(y[n])


def test_the_memoryless_value_of_a_series_is_the_error_of_the_last_value(ask):
    x, y, N = windows(wave(90), 6)
    found = ask(SERIES, "parseSeries", text_of(wave(90)), "seriesBaseline", 6)
    assert found == pytest.approx(((x[:N, -1] - y[:N]) ** 2).mean())


@pytest.mark.parametrize("T", [2, 12, 50])
def test_the_last_three_tenths_are_scored_beside_two_baselines(ask, T):
    values = wave(200)
    x, y, N = windows(values, T)
    found = ask(SERIES, "parseSeries", text_of(values), "seriesScore", T, "sum")
    assert found["count"] == 60
    assert found["error"] == pytest.approx(
        ((x[N:].sum(1) - y[N:]) ** 2).mean(), rel=1e-5
    )
    assert found["last"] == pytest.approx(((x[N:, -1] - y[N:]) ** 2).mean(), rel=1e-5)

    # scikit-learn のリッジ回帰。罰は、前の 8 割で合わせ、後ろの 2 割で選ぶ
    early = max(1, int(0.8 * N))

    def error(strength: float) -> float:
        fitted = Ridge(strength).fit(x[:early], y[:early])
        return ((fitted.predict(x[early:N]) - y[early:N]) ** 2).sum()

    best = min([1e-3, 1e-2, 1e-1, 1, 10, 100, 1000], key=error)
    linear = Ridge(best).fit(x[:N], y[:N])
    expected = ((linear.predict(x[N:]) - y[N:]) ** 2).mean()
    assert found["linear"] == pytest.approx(expected, rel=1e-5)


def test_a_long_series_is_scored_on_two_hundred_windows_across_its_end(ask):
    held = ask(SERIES, "parseSeries", text_of(wave(2000)), "heldWindows", 10)
    assert len(held) == 200 and held[0] == 1390 and 1980 < held[-1] < 1990
    assert set(np.diff(held)) == {3}


CHECK = """async ([config, updates]) => {
  const { createRun } = await import("/nn/train/run.js");
  const { makeKernels } = await import("/nn/train/kernels.js");
  const run = createRun(config, makeKernels());
  for (let k = 0; k < updates; k += 1) run.update();
  return run.check();
}"""


def test_a_trained_network_beats_the_last_value_on_the_hidden_end(bench, config):
    t = np.arange(120)
    settings = config(
        task="own_series",
        cell="gru",
        T=12,
        H=12,
        B=16,
        seed=0,
        own=text_of(np.sin(2 * np.pi * t / 12)),
    )
    found = bench.evaluate(CHECK, [settings, 150])
    assert found["error"] < 0.2 * found["last"]
