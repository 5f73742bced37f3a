"""ゲートをのぞく: ページの中の LSTM は PyTorch に等しく、どの部品も図を変える。"""

import gzip
import json
import re

import numpy as np
import pytest
import torch

from rnnbook.cells.lstm import LSTMParams
from rnnbook.models.brackets import BracketReader, load_bracket_reader
from rnnbook.models.same_weights import to_torch_lstm
from rnnbook.tasks import brackets
from rnnbook.widgets.gate_viewer import GateViewer

READER = load_bracket_reader()
NAMES = ("i", "f", "o", "c_tilde", "c", "h")


def random_text(rng, T: int) -> str:
    return "".join(rng.choice(list(brackets.ALPHABET), T))


def random_reader(seed: int) -> BracketReader:
    rng = np.random.default_rng(seed)
    H = int(rng.integers(1, 10))
    params = LSTMParams.random(brackets.D, H, rng, forget_bias=rng.normal())
    return BracketReader(params, rng.normal(size=H), float(rng.normal()))


def torch_steps(reader: BracketReader, text: str) -> tuple[np.ndarray, np.ndarray]:
    """PyTorch の nn.LSTM を一文字ずつ進めた、h と c (T, H)。"""
    lstm, state, found = to_torch_lstm(reader.params), None, []
    x = torch.eye(brackets.D, dtype=torch.float64)[brackets.encode(text)]
    with torch.no_grad():
        for row in x:
            _, state = lstm(row[None, None], state)
            found.append([part[0, 0].numpy() for part in state])
    h, c = zip(*found, strict=True)
    return np.array(h), np.array(c)


def as_json(reader: BracketReader) -> list:
    params = {name: w.tolist() for name, w in vars(reader.params).items()}
    return [params, reader.w_hy.tolist(), reader.b_y]


def spoken(view) -> str:
    view.page.evaluate(
        "() => new Promise((done) => requestAnimationFrame(() => setTimeout(done)))"
    )
    return view.locator(".rf-live").inner_text()


def number(text: str) -> float:
    return float(text.replace("−", "-"))


def squares(view) -> list[str]:
    """すべての升目の色と濃さ。"""
    spoken(view)
    return view.locator(".rf-heat svg > g:first-child > rect").evaluate_all(
        "(all) => all.map((e) => `${e.getAttribute('class')} ${e.getAttribute('fill-opacity')}`)"
    )


@pytest.fixture
def view(opened):
    return opened("gate_viewer").locator(".rnnbook-view").first


# ページの中の計算


@pytest.mark.parametrize("seed", range(8))
def test_the_page_computes_what_torch_computes_on_random_weights(call, seed):
    reader = random_reader(seed) if seed else READER
    rng = np.random.default_rng(100 + seed)
    text = random_text(rng, int(rng.integers(1, 33)))
    page = call(
        "gate_viewer/bracket_reader.js", "readingAsLists", text, *as_json(reader)
    )
    h, c = torch_steps(reader, text)
    np.testing.assert_allclose(page["h"], h, atol=1e-9)
    np.testing.assert_allclose(page["c"], c, atol=1e-9)
    score = torch.from_numpy(h @ reader.w_hy + reader.b_y)
    np.testing.assert_allclose(
        page["probability"], torch.sigmoid(score).numpy(), atol=1e-9
    )
    # ゲートと候補は、PyTorch の h から一つずつ求める
    x = torch.eye(brackets.D, dtype=torch.float64)[brackets.encode(text)]
    h_past = torch.from_numpy(np.vstack([np.zeros((1, h.shape[1])), h[:-1]]))
    weights = {k: torch.from_numpy(np.array(w)) for k, w in vars(reader.params).items()}
    for name in ("i", "f", "o", "c_tilde"):
        k = name[0]
        a = x @ weights[f"W_x{k}"].T + h_past @ weights[f"W_h{k}"].T + weights[f"b_{k}"]
        expected = torch.tanh(a) if k == "c" else torch.sigmoid(a)
        np.testing.assert_allclose(
            page[name], expected.numpy(), atol=1e-9, err_msg=name
        )


@pytest.mark.parametrize("gate", ["i", "f", "o"])
@pytest.mark.parametrize("value", [0, 0.5, 1])
def test_a_gate_fixed_in_the_page_is_the_gate_fixed_in_python(call, gate, value):
    text = random_text(np.random.default_rng(5), 32)
    page = call(
        "gate_viewer/bracket_reader.js",
        "readingAsLists",
        text,
        *as_json(READER),
        [gate, value],
    )
    fixed = READER.with_gate_fixed(gate, value)
    trace = fixed.trace(text)
    for name in NAMES:
        np.testing.assert_allclose(page[name], getattr(trace, name)[0], atol=1e-9)
    np.testing.assert_allclose(page["probability"], fixed.probability(text), atol=1e-9)


def test_the_page_counts_the_depth_as_the_task_does(call):
    for seed in range(20):
        text = random_text(np.random.default_rng(seed), 32)
        expected = brackets.depths(brackets.encode(text)).tolist()
        assert call("gate_viewer/bracket_reader.js", "depths", text) == expected


@pytest.mark.parametrize(
    ("typed", "text", "refused", "too_long"),
    [
        ("a(b)c", "a(b)c", [], False),
        ("Ａ（ｂ）。", "a(b).", [], False),
        ("あ(x)x", "()", ["あ", "x"], False),
        ("<b>", "b", ["<", ">"], False),
        ("", "", [], False),
        ("a" * 33, "a" * 32, [], True),
    ],
)
def test_what_is_typed_becomes_what_can_be_read(call, typed, text, refused, too_long):
    assert call("gate_viewer/bracket_reader.js", "cleanText", typed, 32) == {
        "text": text,
        "refused": refused,
        "tooLong": too_long,
    }


# 読者の前の図


def test_the_words_and_the_equation_hold_the_numbers_of_torch(view):
    h, c = torch_steps(READER, "a(b(c(d)e)a)bcd")
    for _ in range(3):
        view.get_by_role("slider", name="文字").press("ArrowRight")  # t = 5
    for _ in range(2):
        view.get_by_role("slider", name="ユニット").press("ArrowRight")  # 3
    said = spoken(view)
    assert "5 文字目の「c」でユニット 3" in said
    before, after = re.search(r"は ([−\d.]+) から ([−\d.]+) へ", said).groups()
    assert number(before) == pytest.approx(c[3, 2], abs=6e-3)
    assert number(after) == pytest.approx(c[4, 2], abs=6e-3)
    first, second = view.locator(".rf-equation p").all_inner_texts()
    f, c_past, i, c_tilde, result = map(number, re.findall(r"[−\d]+\.\d{3}", first))
    assert f * c_past + i * c_tilde == pytest.approx(result, abs=3e-3)
    assert result == pytest.approx(c[4, 2], abs=6e-4)
    assert number(second.split("=")[-1]) == pytest.approx(h[4, 2], abs=6e-4)


def test_the_squares_show_the_values(view):
    trace = READER.trace("a(b(c(d)e)a)bcd")
    shown = squares(view)
    columns = view.locator(".rf-heat .rf-frame").count()
    assert columns == 12  # 六つの図の枠と、六つの凡例の枠
    heat = [s for s in shown if s.startswith(("rf-gate", "rf-plus", "rf-minus"))]
    size = 15 * 6
    order = ("i", "c_tilde", "f", "c", "o", "h")
    assert len(heat) == size * len(order)
    for n, name in enumerate(order):
        values = getattr(trace, name)[0].ravel()
        part = [s.split() for s in heat[n * size : (n + 1) * size]]
        top = 3 if name == "c" else 1
        sign = np.array([-1 if kind == "rf-minus" else 1 for kind, _ in part])
        strength = np.array([float(opacity) for _, opacity in part])
        np.testing.assert_allclose(sign * strength * top, values, atol=2e-3)


def test_typing_reads_the_new_text_and_refuses_the_rest_with_a_friendly_line(view):
    box, note = view.get_by_role("textbox"), view.locator(".rf-typed-note")
    before = squares(view)
    box.fill("a((bx)か")
    assert box.input_value() == "a((b)"
    assert note.inner_text() == (
        "使える文字は ( ) . a b c d e です。x か は読めないので、入れませんでした。"
    )
    assert squares(view) != before
    assert "全体では 5 文字のうち" in spoken(view)
    box.fill("")
    assert "一文字以上を入れてください" in note.inner_text()
    assert "全体では 5 文字のうち" in spoken(view)  # 前の図のまま
    box.fill("ab" * 20)
    assert box.input_value() == "ab" * 16
    assert "32 文字までです" in note.inner_text()


def test_the_cursor_stays_where_a_refused_character_was_typed(view):
    box = view.get_by_role("textbox")
    box.fill("abcd")
    box.press("Home")
    box.press("ArrowRight")
    box.press_sequentially("x(")
    assert box.input_value() == "a(bcd"


def test_the_keys_that_are_typed_do_not_reach_the_shortcuts_of_a_notebook(view):
    view.page.evaluate(
        "() => { window.heard = 0; document.addEventListener('keydown', () => (heard += 1)); }"
    )
    box = view.get_by_role("textbox")
    box.press("a")
    assert view.page.evaluate("heard") == 0
    # JupyterLab は、この印のある所のキーを聞きません
    assert box.evaluate("(e) => Boolean(e.closest('[data-lm-suppress-shortcuts]'))")


def test_every_example_is_read_and_answered(view):
    seen = set()
    for button in view.locator(".rf-examples button").all():
        button.click()
        text = view.get_by_role("textbox").input_value()
        said = spoken(view)
        expected = (READER.probability(text) > 0.5) == (
            brackets.depths(brackets.encode(text)) > 0
        )
        assert f"{len(text)} 文字のうち {expected.sum()} 文字で正解です" in said
        assert button.get_attribute("aria-pressed") == "true"
        seen.add(text)
    assert len(seen) == 6


@pytest.mark.parametrize(
    ("label", "gate", "value"),
    [("f = 1", "f", 1.0), ("f = 0.5", "f", 0.5), ("i = 0", "i", 0.0)],
)
def test_fixing_a_gate_runs_the_network_again_without_it(view, label, gate, value):
    before = squares(view)
    view.get_by_role("radio").nth(
        ["f = 1", "f = 0.5", "i = 0"].index(label) + 1
    ).check()
    assert squares(view) != before
    text = "a(b(c(d)e)a)bcd"
    fixed = READER.with_gate_fixed(gate, value)
    right = (fixed.probability(text) > 0.5) == (
        brackets.depths(brackets.encode(text)) > 0
    )
    assert f"15 文字のうち {right.sum()} 文字で" in spoken(view)
    view.get_by_role("radio").first.check()
    assert squares(view) == before


def test_a_square_and_a_point_of_the_line_can_be_picked_with_the_pointer(view):
    frame = view.locator(".rf-heat .rf-frame").nth(2)
    frame.scroll_into_view_if_needed()
    panels = [f.bounding_box() for f in view.locator(".rf-heat .rf-frame").all()]
    box = max(panels, key=lambda b: b["width"])
    x = box["x"] + box["width"] * 9.5 / 15
    y = box["y"] + box["height"] * 4.5 / 6
    view.page.mouse.click(x, y)
    assert "10 文字目の「)」でユニット 5" in spoken(view)
    view.page.mouse.move(x, y)
    view.page.mouse.down()
    view.page.mouse.move(box["x"] + box["width"] * 3.5 / 15, y, steps=4)
    view.page.mouse.up()
    assert "4 文字目の「(」でユニット 5" in spoken(view)
    plot = view.locator("svg.rf-pick").first.bounding_box()
    left, right = plot["x"] + 44, plot["x"] + plot["width"] - 14
    view.page.mouse.click(left + (right - left) * 6.5 / 15, plot["y"] + 60)
    assert "7 文字目の「d」" in spoken(view)


def test_a_shorter_text_brings_the_time_back_inside(view):
    view.get_by_role("slider", name="文字").press("End")
    assert "15 文字目" in spoken(view)
    view.get_by_role("textbox").fill("a(b")
    spoken(view)
    assert "3 文字目の「b」" in spoken(view)


# 引数と重さ


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            {"text": "a[b"},
            r"引数 text は \( \) .* の 1 文字以上 32 文字以下の文字列です。'a\[b'",
        ),
        ({"text": ""}, "引数 text は .* の 1 文字以上"),
        ({"text": "a" * 33}, "引数 text は .* 32 文字以下の文字列です。"),
        ({"text": "ab", "t": 3}, "引数 t は 1 以上 2 以下の数です。3"),
        ({"t": 0}, "引数 t は 1 以上の整数です。0"),
        ({"unit": 7}, "引数 unit は 1 以上 6 以下の数です。7"),
        ({"unit": 1.5}, "引数 unit は 1 以上の整数です。1.5"),
        ({"fixed": "o=1"}, "引数 fixed は 'none', 'f=1', .*のどれかです。'o=1'"),
    ],
)
def test_a_wrong_argument_is_named_in_japanese(arguments, message):
    with pytest.raises(ValueError, match=message):
        GateViewer(**arguments)


def test_the_unit_shown_first_is_the_one_that_counts():
    assert GateViewer().unit == READER.counting_unit() + 1
    assert repr(GateViewer("a(b)c")) == "GateViewer(text='a(b)c')"


def test_the_weights_of_the_page_are_the_published_weights():
    weights = GateViewer().weights
    for name, w in vars(READER.params).items():
        np.testing.assert_array_equal(weights["params"][name], w)
    np.testing.assert_array_equal(weights["w_hy"], READER.w_hy)
    assert weights["b_y"] == READER.b_y


def test_the_state_with_its_weights_is_light():
    state = GateViewer().get_state()
    own = {k: v for k, v in state.items() if k not in ("_esm", "_css", "layout")}
    text = json.dumps(own, ensure_ascii=False, default=str).encode()
    assert len(gzip.compress(text)) < 3_000
