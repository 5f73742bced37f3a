"""隠れ状態の探偵: 隠れ状態は PyTorch に等しく、ユニットも採点も数えたとおりで、切ると PyTorch と同じに変わります。"""

import gzip
import json
import re

import numpy as np
import pytest
import torch

from rnnbook.book import widget_host
from rnnbook.models.character_model import PAGE, CharacterModel
from rnnbook.models.few_bits import unpack
from rnnbook.reading.intervals import Counted
from rnnbook.widgets.characters.characters import page_model
from rnnbook.widgets.detective import Detective
from rnnbook.widgets.detective.detective import CLUES, HIDDEN, SHOWN, extracts
from rnnbook.widgets.writer import Writer

STORED = page_model()["apart"]
TEXT = {name: each["text"] for name, each in extracts()["apart"].items()}
TRACE = """async ([weights, text]) => {
  const { makeWriter } = await import("/characters/gru.js");
  const { unread, readOn } = await import("/detective/reading.js");
  const writer = makeWriter(weights);
  const reading = unread(writer, text);
  let turns = 0;
  // 途中で何度止めても、同じものになる
  while (!readOn(writer, reading, () => (turns += 1) % 7 === 0));
  return Array.from(reading.states);
}"""
CLUES_OF = """async (text) => {
  const { cluesOf } = await import("/detective/traces.js");
  return Object.fromEntries(Object.entries(cluesOf(text)).map(([name, v]) => [name, [...v]]));
}"""
CUT = """async ([weights, text, from, to, cells, n]) => {
  const { makeWriter } = await import("/characters/gru.js");
  const { stateAfter, unread, readOn } = await import("/detective/reading.js");
  const { compareCut } = await import("/detective/cut.js");
  const writer = makeWriter(weights);
  const reading = unread(writer, text);
  readOn(writer, reading);
  const { p, q, plain, cut } = compareCut(writer, reading.ids.slice(from, to), stateAfter(writer, reading, from), cells, n);
  return { p: [...p], q: [...q], plain, cut };
}"""


@pytest.fixture(scope="module")
def model() -> CharacterModel:
    found = CharacterModel(*PAGE)
    unpack(found, STORED["packed"])
    return found.double().eval()


def encode(text: str) -> list[int]:
    number = {c: k for k, c in enumerate(STORED["characters"])}
    return [number.get(c, 0) for c in text]


def states_of(model, text: str) -> np.ndarray:
    """改行から読み始めた、字ごとの隠れ状態 (N, H)。"""
    with torch.no_grad():
        h, _ = model.recurrent(model.embedding(torch.tensor([encode("\n" + text)])))
    return h[0, 1:].numpy()


# ページの中の計算


def test_both_extracts_are_works_no_network_was_trained_on():
    from rnnbook.datasets.all_essays import load_all_essays

    part = {work.title: work.part for work in load_all_essays()}
    assert {part[title] for title, _ in SHOWN + HIDDEN} == {"test"}
    assert not {title for title, _ in SHOWN} & {title for title, _ in HIDDEN}
    assert 8000 <= len(TEXT["shown"]) + len(TEXT["hidden"]) <= 15000


def test_the_states_read_in_slices_are_those_of_pytorch(bench, model):
    text = TEXT["shown"][:600]
    page = np.array(bench.evaluate(TRACE, [STORED, text])).reshape(600, -1)
    np.testing.assert_allclose(page, states_of(model, text), atol=1e-4)


def python_clues(text: str) -> dict[str, list[int]]:
    """手がかりを、一字ずつ素直に決めたもの。"""
    found = {name: [] for name in CLUES}
    depth = run = 0
    for c in text:
        depth += c == "「"
        depth = 0 if c == "\n" else max(0, depth - (c == "」"))
        found["quote"].append(int(depth > 0))
        run = 0 if c in "。\n" else run + 1
        found["start"].append(int(c in "。\n"))
        found["comma"].append(int(c == "、"))
        found["kanji"].append(int("\u4e00" <= c <= "\u9fff" or c == "々"))
        found["katakana"].append(int("ァ" <= c <= "ヴ" or c == "ー"))
        found["long"].append(int(run >= 40))
    return found


@pytest.mark.parametrize("which", ["shown", "hidden"])
def test_the_clues_hold_where_the_text_says_so(bench, which):
    page = bench.evaluate(CLUES_OF, TEXT[which])
    for name, expected in python_clues(TEXT[which]).items():
        assert page[name] == expected, name
        # どの手がかりも、成り立つ字も成り立たない字もある
        assert 0 < sum(expected) < len(expected), name


def test_a_quotation_that_is_never_closed_ends_with_its_paragraph(bench):
    page = bench.evaluate(CLUES_OF, "「あ\nい「う」え")
    assert page["quote"] == [1, 1, 0, 0, 1, 1, 0, 0]


def test_the_cells_of_a_mark_are_on_at_each_of_its_letters_and_the_rarest_come_first(
    call,
):
    rng = np.random.default_rng(0)
    states = np.tanh(2 * rng.normal(size=(60, 8)))
    states[10:13] = np.sign(states[10]) * np.maximum(abs(states[10:13]), 0.6)
    page = call(
        "detective/traces.js", "cellsOn", states.ravel().tolist(), 8, 10, 13, 0.5
    )
    expected = []
    for cell in range(8):
        for sign in (1, -1):
            on = sign * states[:, cell] >= 0.5
            if on[10:13].all():
                expected.append((on.mean(), cell, sign))
    assert [(each["cell"], each["sign"]) for each in page] == [
        (cell, sign) for _, cell, sign in sorted(expected)
    ]
    assert len(page) == 8
    np.testing.assert_allclose(
        [each["share"] for each in page], [share for share, *_ in sorted(expected)]
    )


def test_the_cell_that_fits_a_clue_has_the_greatest_f1(call):
    from sklearn.metrics import f1_score

    rng = np.random.default_rng(1)
    states = np.tanh(2 * rng.normal(size=(200, 6)))
    truth = (states[:, 4] < -0.3) ^ (rng.random(200) < 0.1)
    page = call(
        "detective/traces.js",
        "bestCell",
        states.ravel().tolist(),
        6,
        truth.astype(int).tolist(),
        0.5,
    )
    scores = {
        (cell, sign): f1_score(truth, sign * states[:, cell] >= 0.5)
        for cell in range(6)
        for sign in (1, -1)
    }
    assert (page["cell"], page["sign"]) == max(scores, key=scores.get) == (4, -1)
    assert page["f1"] == pytest.approx(max(scores.values()))


def test_precision_and_recall_are_counted_and_their_intervals_widen_with_the_blocks(
    call,
):
    rng = np.random.default_rng(2)
    blocks = np.repeat(np.arange(20), 15)
    truth = np.repeat(rng.random(20) < 0.4, 15)
    on = truth ^ (rng.random(300) < 0.2)
    page = call(
        "detective/traces.js",
        "scoreOf",
        on.astype(int).tolist(),
        truth.astype(int).tolist(),
        blocks.tolist(),
    )
    both = (on & truth).sum()
    assert page["precision"] == pytest.approx(both / on.sum())
    assert page["recall"] == pytest.approx(both / truth.sum())
    assert page["base"] == pytest.approx(truth.mean())
    # 段落をまとまりとした分散から、有効な個数を求めて、Wilson の区間に入れる
    p, all_ = page["precision"], on
    n = np.array([all_[blocks == b].sum() for b in range(20)])
    a = np.array([(on & truth)[blocks == b].sum() for b in range(20)])
    B = (n > 0).sum()
    variance = ((a - p * n) ** 2).sum() / n.sum() ** 2 * B / (B - 1)
    effective = min(n.sum(), p * (1 - p) / variance)
    z = 1.959963984540054
    middle = (p + z**2 / (2 * effective)) / (1 + z**2 / effective)
    half = (
        z
        / (1 + z**2 / effective)
        * np.sqrt(p * (1 - p) / effective + z**2 / (4 * effective**2))
    )
    np.testing.assert_allclose(page["precisionRange"], [middle - half, middle + half])
    plain = Counted(int(both), int(on.sum())).interval
    assert page["precisionRange"][1] - page["precisionRange"][0] > plain[1] - plain[0]


def cut_in_torch(model, text: str, start: int, end: int, cells, n: int):
    """セルを切って読み、いちばん確からしい字を書く、PyTorch での素直な書き方。"""
    ids = encode("\n" + text)

    def step(k, h):
        _, h = model.recurrent(model.embedding(torch.tensor([[k]])), h)
        h = h.clone()
        h[:, :, list(cells)] = 0
        return h

    def scores(h):
        W = model.embedding.weight
        return (model.project(h[0, 0]) @ W.T + model.bias).clone()

    with torch.no_grad():
        _, h = model.recurrent(model.embedding(torch.tensor([ids[: start + 1]])))
        for k in ids[start + 1 : end + 1]:
            h = step(k, h)
        p, written = scores(h).softmax(0), []
        for _ in range(n):
            z = scores(h)
            z[0] = -torch.inf
            written.append(int(z.argmax()))
            h = step(written[-1], h)
    return p.numpy(), written


@pytest.mark.parametrize("seed", range(4))
def test_a_cut_cell_changes_the_probabilities_and_the_text_as_in_pytorch(
    bench, model, seed
):
    rng = np.random.default_rng(seed)
    start, span = int(rng.integers(0, 180)), int(rng.integers(1, 12))
    cells = rng.choice(PAGE.H, size=1 + seed, replace=False).tolist()
    text = TEXT["shown"][:200]
    page = bench.evaluate(CUT, [STORED, text, start, start + span, cells, 24])
    p, plain = cut_in_torch(model, text, start, start + span, [], 24)
    q, cut = cut_in_torch(model, text, start, start + span, cells, 24)
    np.testing.assert_allclose(page["p"], p, atol=1e-4)
    np.testing.assert_allclose(page["q"], q, atol=1e-4)
    assert page["plain"] == plain and page["cut"] == cut
    assert abs(p - q).max() > 1e-3


# ページの上の図


def ready(page):
    page.wait_for_selector('.rf-body[aria-busy="false"]')
    page.wait_for_function(
        "() => !document.querySelector('.rf-live').textContent.startsWith('随筆を')"
    )
    return page.locator(".rf-live").inner_text()


@pytest.fixture
def mounted(page, mount_script):
    """mounted(図) は、図を空の頁に描き、随筆を読み終えるのを待ちます。"""

    def draw(figure):
        state = {k: v for k, v in figure.get_state().items() if k != "layout"}
        page.set_default_timeout(120_000)  # 随筆を読み終えるまで
        page.goto("about:blank")
        values = json.loads(json.dumps(state, default=str, sort_keys=True))
        page.evaluate(mount_script, [figure._esm, figure._css, values])
        ready(page)
        return page

    return draw


def test_a_mark_that_moves_on_the_page_keeps_its_letters(mounted, settled):
    page = mounted(Detective(start=1, threshold=0.3, span=1))
    page.evaluate("window.letters = [...document.querySelectorAll('.rf-extract span')]")
    page.get_by_role("slider", name="印の始め").press("ArrowRight")
    settled()
    assert page.evaluate(
        "letters.every((each) => each.isConnected) && letters[1].matches('.rf-marked') && !letters[0].matches('.rf-marked')"
    )
    grounds = page.evaluate("letters.map((each) => each.style.background)")
    assert len(set(grounds)) > 5


def test_a_letter_that_is_touched_is_marked_and_the_other_places_can_be_gone_to(
    mounted, settled
):
    page = mounted(Detective(start=1, threshold=0.3, span=1))
    page.locator('.rf-extract [data-n="31"]').click()
    settled()
    assert page.evaluate("model.get('start')") == 31
    assert page.locator(".rf-extract .rf-marked").count() == 1
    said = page.locator(".rf-live").inner_text()
    assert f"印「{TEXT['shown'][30]}」" in said and re.search(r"ほかに \d+ か所", said)
    page.locator(".rf-places button:visible").last.click()
    settled()
    assert page.evaluate("model.get('start')") > 500


def test_the_clue_is_scored_on_a_text_that_is_not_shown(mounted, settled):
    page = mounted(Detective(by="clue", view="scores"))
    rows = page.locator(".rf-scores tbody tr")
    assert rows.count() == len(CLUES)
    chosen = page.locator('.rf-scores [aria-selected="true"]')
    assert chosen.inner_text().startswith("「」の中")
    said = page.locator(".rf-live").inner_text()
    assert re.search(r"見せていない文章で.*適合率 \d+ %（\d+〜\d+）", said)
    assert "F1 は" in said


def test_cutting_a_cell_shows_both_continuations(mounted, settled):
    page = mounted(Detective(view="cut", threshold=0.2))
    assert "切ると、次の" in page.locator(".rf-live").inner_text()
    assert page.locator(".rf-cut p:visible").count() == 3
    assert page.locator(".rf-changes span").count() == 6


def test_nothing_is_on_above_a_high_threshold_and_the_figure_says_so(mounted, settled):
    page = mounted(Detective(threshold=0.95, span=12))
    assert "ありません。しきい値を下げる" in page.locator(".rf-live").inner_text()


def test_what_there_is_to_see_fits_a_narrow_screen(page, mounted, settled):
    page.set_viewport_size({"width": 360, "height": 740})
    mounted(Detective(threshold=0.3))
    settled()
    top = page.locator("figure").bounding_box()["y"]
    last = page.locator(".rf-places").bounding_box()
    assert last["y"] + last["height"] - top <= 740
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_a_wrong_argument_is_named():
    with pytest.raises(ValueError, match="引数 start"):
        Detective(start=SHOWN[0][1])
    with pytest.raises(ValueError, match="引数 clue"):
        Detective(clue="verb")
    with pytest.raises(ValueError, match="引数 threshold"):
        Detective(threshold=1.0)


def test_both_figures_read_the_weights_from_one_file(tmp_path):
    files = []
    for figure in (Detective(), Writer()):
        state = json.loads(json.dumps(dict(figure.get_state()), default=str))
        row, _ = widget_host.slim(state, tmp_path)
        files.append(row["traits"]["weights"]["file"])
    assert files[0] == files[1]
    weights = (tmp_path / files[0]).read_bytes()
    assert len(gzip.compress(weights)) <= 300 * 1024
