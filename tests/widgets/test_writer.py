"""文章を書く図: ページの GRU は PyTorch に等しく、同じ乱数で同じ文章を書き、字を動かした前の字を言います。"""

import re

import numpy as np
import pytest
import torch

from rnnbook.materials.portable_random import Portable
from rnnbook.models import sampling
from rnnbook.models.character_model import PAGE, CharacterModel
from rnnbook.models.few_bits import pack, unpack
from rnnbook.widgets.characters.characters import page_characters, page_model
from rnnbook.widgets.writer import Writer
from rnnbook.widgets.writer.writer import LONGEST, WRITTEN, letters

STORED = page_model()["apart"]
SMALL = "〓\nあいうえおかきくけこさしすせそたちつてと、。「」"
# ページのモジュールで、番号の列を読み、最後の隠れ状態と確率を求める
READ = """async ([weights, rows]) => {
  const { makeWriter, read, softmax } = await import("/characters/gru.js");
  const writer = makeWriter(weights);
  return rows.map((ids) => {
    const h = read(writer, ids).at(-1);
    return [[...h], [...softmax(writer.scores(h))]];
  });
}"""
WRITE = """async ([weights, cases]) => {
  const { makeWriter } = await import("/characters/gru.js");
  const { write } = await import("/characters/sampling.js");
  const writer = makeWriter(weights);
  return cases.map(([opening, n, rule]) => write(writer, opening, n, rule).ids);
}"""
CHOICES = """async ([z, rule]) => {
  const { choices } = await import("/characters/sampling.js");
  return [...choices(Float64Array.from(z), rule)];
}"""
MOVERS = """async ([weights, ids, t, look]) => {
  const { makeWriter, read } = await import("/characters/gru.js");
  const { movers } = await import("/characters/sampling.js");
  const writer = makeWriter(weights);
  return movers(writer, ids, read(writer, ids), t, look);
}"""


def small_weights(seed: int) -> dict:
    """でたらめな小さなモデルの、8 ビットの重み。"""
    torch.manual_seed(seed)
    model = CharacterModel(len(SMALL), 6, 10)
    with torch.no_grad():
        for weight in model.parameters():
            weight.normal_(std=0.7)
    return {"characters": SMALL, "packed": pack(model.state_dict(), bits=5)}


def torch_model(weights: dict) -> CharacterModel:
    """ページと同じ（丸めたあとの）重みの、PyTorch のモデル。"""
    rows = {row["name"]: row for row in weights["packed"]}
    table = rows["embedding.weight"]
    H = rows["recurrent.weight_hh_l0"]["columns"]
    model = CharacterModel(table["rows"], table["columns"], H)
    unpack(model, weights["packed"])
    return model.double().eval()


def log_probabilities(model: CharacterModel, ids) -> torch.Tensor:
    """各文字を読んだあとの、次の文字の対数確率 (T, V)。"""
    with torch.no_grad():
        return model(torch.tensor([list(ids)]))[0][0].log_softmax(1)


def rule(temperature=1.0, k=10**6, p=1.0, seed=1) -> dict:
    return {"temperature": temperature, "topK": k, "topP": p, "seed": seed}


CASES = [("small", seed) for seed in range(3)] + [("stored", 0)]


def weights_of(kind: str, seed: int) -> dict:
    return STORED if kind == "stored" else small_weights(seed)


# ページの中の計算


def test_the_shipped_weights_are_those_of_the_page_model():
    assert len(STORED["characters"]) == PAGE.V == len(set(STORED["characters"]))
    shapes = {row["name"]: (row["rows"], row["columns"]) for row in STORED["packed"]}
    assert shapes["embedding.weight"] == (PAGE.V, PAGE.E)
    assert shapes["recurrent.weight_hh_l0"] == (3 * PAGE.H, PAGE.H)


@pytest.mark.parametrize(("kind", "seed"), CASES)
def test_the_probabilities_of_the_page_are_those_of_pytorch(bench, kind, seed):
    weights = weights_of(kind, seed)
    V = len(weights["characters"])
    rng = np.random.default_rng(seed)
    rows = [rng.integers(V, size=n).tolist() for n in (1, 2, 7, 40)]
    model = torch_model(weights)
    for ids, (h, p) in zip(rows, bench.evaluate(READ, [weights, rows]), strict=True):
        with torch.no_grad():
            _, state = model(torch.tensor([ids]))
        np.testing.assert_allclose(h, state[0, 0], atol=1e-6)
        expected = log_probabilities(model, ids)[-1].exp()
        np.testing.assert_allclose(p, expected, atol=1e-6)


@pytest.mark.parametrize("seed", range(5))
def test_the_page_keeps_and_divides_the_choices_as_python_does(bench, seed):
    rng = np.random.default_rng(seed)
    z = rng.normal(size=40) * 2
    z[5] = z[9]  # 同じ点数
    for temperature, k, p in (
        (1.0, 100, 1.0),
        (0.4, 100, 0.8),
        (1.7, 6, 1.0),
        (0.9, 10, 0.6),
        (0.1, 1, 0.5),
    ):
        page = bench.evaluate(CHOICES, [z.tolist(), rule(temperature, k, p)])
        expected = sampling.probabilities(z, temperature, k, p, banned=(0,))
        np.testing.assert_allclose(page, expected, atol=1e-12)


def python_writes(model, opening, n, temperature, k, p, seed) -> list[int]:
    """本書の models/sampling.py の確率と抽選で書いたもの。"""
    random, ids = Portable(seed), list(opening)
    for _ in range(n):
        z = log_probabilities(model, ids)[-1].numpy()
        q = sampling.probabilities(z, temperature, k, p, banned=(0,))
        ids.append(sampling.draw(q, random.uniform()))
    return ids


@pytest.mark.parametrize(("kind", "seed"), CASES)
def test_with_the_same_random_numbers_the_page_writes_the_text_of_python(
    bench, kind, seed
):
    weights = weights_of(kind, seed)
    V = len(weights["characters"])
    model = torch_model(weights)
    rules = [(0.8, V, 1.0, 1), (1.2, V, 0.9, 2), (1.0, 5, 1.0, 3), (0.5, 20, 0.8, 4)]
    opening = [1, 5, 7]
    cases = [[opening, 30, rule(t, k, p, each)] for t, k, p, each in rules]
    found = bench.evaluate(WRITE, [weights, cases])
    for page, how in zip(found, rules, strict=True):
        assert page == python_writes(model, opening, 30, *how)
        assert 0 not in page[3:]


@pytest.mark.parametrize(("kind", "seed"), CASES)
def test_hiding_a_letter_lowers_the_probability_as_it_does_in_pytorch(
    bench, kind, seed
):
    weights = weights_of(kind, seed)
    model = torch_model(weights)
    V, rng = len(weights["characters"]), np.random.default_rng(seed)
    ids = rng.integers(1, V, size=25).tolist()
    for t, look in ((1, 40), (12, 5), (24, 40)):
        page = bench.evaluate(MOVERS, [weights, ids, t, look])
        bits = -log_probabilities(model, ids[:t])[-1][ids[t]] / np.log(2)
        assert page["bits"] == pytest.approx(float(bits), abs=1e-4)
        for s in range(t):
            hidden = [*ids[:s], 0, *ids[s + 1 : t]]
            after = -log_probabilities(model, hidden)[-1][ids[t]] / np.log(2)
            expected = float(after - bits) if s >= t - look else 0.0
            assert page["fall"][s] == pytest.approx(expected, abs=1e-4)


def test_the_share_of_repeated_pieces_is_that_of_python(call):
    for text in ("そうしてそうしてそうした", "いろはにほへと", "ああああああ"):
        page = call("writer/words.js", "repeated", text, 2)
        assert page == pytest.approx(sampling.repeated(text, 2))


def test_what_is_typed_is_read_or_refused_with_the_reason(call):
    def clean(typed):
        return call("writer/words.js", "cleanOpening", typed, "あいう⏎␣", 6)

    assert clean("あい")["text"] == "あい" and not clean("あい")["refused"]
    assert clean("あ　い")["text"] == "あ␣い"
    for typed, why in (
        ("", "書き出しを"),
        ("あ漢", "「漢」は"),
        ("あ" * 7, "6 字まで"),
    ):
        assert clean(typed)["text"] is None and why in clean(typed)["note"]


# ページの上の図


def live(page) -> str:
    return page.locator(".rf-live").inner_text()


def test_a_letter_shows_its_candidates_and_a_candidate_goes_on(mount, settled):
    page = mount(Writer(temperature=1.0))
    written = page.locator(".rf-written")
    assert written.locator("span:visible").count() == len("私は子供のころ") + WRITTEN
    first = live(page)
    assert "1 番目の" in first and "支えた" in first
    page.locator('.rf-written [data-t="4"]').click()
    settled()
    assert "4 番目の" in live(page)
    offers = page.locator(".rf-offers button")
    assert offers.count() == 6
    label = offers.nth(5).get_attribute("aria-label")
    offers.nth(5).click()
    settled()
    text = page.evaluate("model.get('text')")
    assert text.startswith("私は子供のころ") and len(text) == len("私は子供のころ") + 4
    assert text[-1] == label[0] and "1 番目の" in live(page)
    assert page.locator(".rf-typed input").input_value() == text


def test_the_same_seed_writes_the_same_and_another_seed_another(mount, settled):
    page = mount(Writer(temperature=1.0))
    first = page.locator(".rf-written").inner_text()
    page.get_by_role("button", name="別の乱数").click()
    settled()
    assert page.locator(".rf-written").inner_text() != first
    page.evaluate("model.set('seed', 1)")
    settled()
    assert page.locator(".rf-written").inner_text() == first


def test_always_the_first_choice_leaves_one_candidate(mount, settled):
    page = mount(Writer())
    page.get_by_role("button", name="いつも一番").click()
    settled()
    assert re.search(r"残った候補 1 字から確率 100 %.*モデルの 1 番目", live(page))


def test_what_there_is_to_see_fits_a_narrow_screen(page, mount, settled):
    page.set_viewport_size({"width": 360, "height": 740})
    mount(Writer())
    settled()
    top = page.locator("figure").bounding_box()["y"]
    last = page.locator(".rf-offers").bounding_box()
    assert last["y"] + last["height"] - top <= 700
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_a_wrong_argument_is_named():
    with pytest.raises(ValueError, match=r"引数 text .*1 文字以上"):
        Writer("")
    with pytest.raises(ValueError, match="引数 text の '☃'"):
        Writer("雪だるま☃"[-1])
    with pytest.raises(ValueError, match=r"引数 text .*100 文字以下"):
        Writer("あ" * (LONGEST + 1))
    with pytest.raises(ValueError, match="引数 temperature"):
        Writer(temperature=0)
    with pytest.raises(ValueError, match="引数 top_k"):
        Writer(top_k=4)


def test_every_letter_of_the_table_but_the_unknown_can_be_typed():
    table = page_characters()
    assert table[0] == "〓" and "〓" not in letters()
    assert len(letters()) >= len(table) - 5 and {"⏎", "␣"} <= set(letters())
