"""章の図: ページには色の名と本物の文字の SVG、Colab には PNG、どちらにも番号と文。"""

import io
import re
from base64 import b64decode
from xml.etree import ElementTree

import matplotlib

matplotlib.use("agg")
import matplotlib.pyplot as plt
import numpy as np
import pytest

from rnnbook.figures.cells import draw_cells
from rnnbook.figures.diagrams import draw_shapes, draw_unrolled
from rnnbook.figures.gated_cells import draw_gru, draw_lstm
from rnnbook.figures.picture import draw, picture
from rnnbook.figures.style import COLORS, NAMES
from rnnbook.figures.themed_svg import themed_svg

ALT = "右上がりの直線が一本あり、0 から 1 まで上がります。"


def plotted(**looks):
    fig, ax = plt.subplots()
    ax.plot([0, 1, 2], [0, 1, 4], **({"color": COLORS["rnn"]} | looks))
    ax.set(xlabel="時刻 $t$", ylabel="誤差 <RMSE>")
    return fig


def parsed(fig):
    text = themed_svg(fig, "p1-1", ALT)
    return ElementTree.fromstring(text)


def test_the_page_gets_names_of_colors_and_no_value():
    text = themed_svg(plotted(), "p1-1", ALT)
    assert not re.search(r"#[0-9a-fA-F]{3,8}\b|rgb\(", text)
    assert 's-rnn"' in text


def test_no_path_covers_the_ground():
    svg = parsed(plotted())
    assert not [p for p in svg.iter("path") if "f-surface" in p.get("class")]


def test_the_words_are_text_in_the_order_of_the_figure():
    words = ["".join(text.itertext()) for text in parsed(plotted()).iter("text")]
    assert "時刻 𝑡" in words and "誤差 <RMSE>" in words
    assert {"0.0", "1.0", "2.0"} <= set(words)


def test_the_same_figure_gives_the_same_svg():
    assert themed_svg(plotted(), "p1-1", ALT) == themed_svg(plotted(), "p1-1", ALT)


def test_two_pictures_of_a_page_share_no_id():
    def ids(prefix):
        fig, ax = plt.subplots()
        ax.fill_between([0, 1], [0, 5], color=COLORS["rnn"])
        ax.set_ylim(0, 1)
        return set(re.findall(r'id="([^"]+)"', themed_svg(fig, prefix, ALT)))

    assert ids("p1-1") and not ids("p1-1") & ids("p1-2")


def test_what_leaves_the_axes_is_cut_at_their_frame():
    fig, ax = plt.subplots()
    ax.plot([0, 1], [0, 100], color=COLORS["rnn"])
    ax.set_ylim(0, 1)
    (line,) = [p for p in parsed(fig).iter("path") if p.get("class") == "s-rnn"]
    heights = [float(y) for y in re.findall(r"[ML][-\d.]+ ([-\d.]+)", line.get("d"))]
    frame = ax.get_window_extent().transformed(
        matplotlib.transforms.Affine2D().scale(72 / fig.dpi)
    )
    assert min(heights) > 72 * fig.get_figheight() - frame.y1 - 1


def test_every_cell_of_a_heat_map_has_its_own_square_and_strength():
    fig, ax = plt.subplots()
    values = np.array([[0.0, 0.5], [-1.0, np.nan]])
    draw_cells(ax, values, 1.0, COLORS["rnn"])
    cells = [p for p in parsed(fig).iter("path") if p.get("class").startswith("c ")]
    found = {(p.get("class"), p.get("fill-opacity")) for p in cells}
    assert found == {("c f-rnn", "0.5"), ("c f-warn", None)}
    assert all(p.get("d").count("M") == 1 for p in cells)


def test_wider_fonts_have_room_inside_the_picture():
    fig, ax = plt.subplots()
    ax.set_yticks([0.5], ["とても長い目盛りの名前"])
    svg = parsed(fig)
    left = float(svg.get("viewBox").split()[0])
    (label,) = [t for t in svg.iter("text") if t.text == "とても長い目盛りの名前"]
    assert label.get("text-anchor") == "end"
    # 全角の 11 字。広い書体では 1.25 倍です
    assert float(label.get("x")) - 1.25 * 11 * 12 >= left - 2


def test_letters_that_a_phone_would_shrink_below_11_px_are_refused():
    fig, _ = plt.subplots(figsize=(8, 3))
    with pytest.raises(ValueError, match=r"字の大きさ 12 pt は、幅 360 px の画面で"):
        themed_svg(fig, "p1-1", ALT)


def test_a_color_without_a_dark_partner_is_named():
    with pytest.raises(ValueError, match=r"線の色 #ff0000 には、暗い画面での色が"):
        themed_svg(plotted(color="red"), "p1-1", ALT)


def test_an_image_is_refused_with_the_remedy():
    fig, ax = plt.subplots()
    ax.imshow([[0, 1]])
    with pytest.raises(ValueError, match="pcolormesh"):
        themed_svg(fig, "p1-1", ALT)


def test_colab_gets_a_png_on_white_with_the_same_words():
    data, metadata = draw(
        plotted(), "図 1.1", "直線です。", alt=ALT
    )._repr_mimebundle_()
    assert set(data) == {"image/png", "text/plain"}
    pixels = plt.imread(io.BytesIO(b64decode(data["image/png"])))
    np.testing.assert_array_equal(pixels[0, 0], [1, 1, 1, 1])
    about = metadata["image/png"]
    assert about["alt"] == ALT and ALT in data["text/plain"]
    assert about["picture"]["number"] == "図 1.1"
    assert about["picture"]["svg"].startswith("<svg ")
    assert pixels.shape[1] == pytest.approx(2 * about["width"], abs=1)


def test_the_caption_follows_the_picture_where_there_is_no_page(capsys):
    picture(plotted(), "図 1.1", "直線です。", alt=ALT)
    assert capsys.readouterr().out == f"［図 1.1: {ALT}］\n**図 1.1**　直線です。\n"
    assert plt.get_fignums() == []  # もう一度、勝手に表示されません


@pytest.mark.parametrize("make", [draw_unrolled, draw_shapes, draw_lstm, draw_gru])
def test_every_diagram_can_stand_on_a_page(make):
    words = "".join("".join(t.itertext()) for t in parsed(make()).iter("text"))
    assert "$" not in words and "\\" not in words


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"fig": 3}, "引数 fig は matplotlib の図です。int が"),
        ({"number": "図2"}, r"引数 number は「図 2.1」の形です。'図2' が"),
        ({"caption": "直線"}, "引数 caption は「。」で終わる文です。'直線' が"),
        (
            {"alt": "図。"},
            "引数 alt は、図を見ずに読む人のための文です。'図。' では短すぎ",
        ),
    ],
)
def test_a_wrong_argument_is_named(change, message):
    given = {"fig": plotted(), "number": "図 1.1", "caption": "直線です。", "alt": ALT}
    given |= change
    with pytest.raises(ValueError, match=message):
        draw(given["fig"], given["number"], given["caption"], alt=given["alt"])


def test_every_color_of_the_style_has_one_name():
    assert set(COLORS) - {"truth"} <= set(NAMES.values())
