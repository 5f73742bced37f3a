"""章の図: どの主題でも地に溶け込み、どの画面でも字が読め、番号で呼び出せること。"""

import re
from base64 import b64encode

import pytest

from rnnbook.book.pictures import anchor, numbers_in
from rnnbook.figures.style import japanese_font
from rnnbook.workshop.environment import ROOT

SCHEMES = ("light", "dark")

# 図の字ごとに、画面での大きさ (px)、枠からはみ出した幅。
LOOK = """() => [...document.querySelectorAll("figure.picture > svg")].map((svg) => {
  const frame = svg.getBoundingClientRect();
  const scale = frame.width / svg.viewBox.baseVal.width;
  const texts = [...svg.querySelectorAll("text")].map((text) => {
    const box = text.getBoundingClientRect();
    const size = (part) => parseFloat(getComputedStyle(part).fontSize) * scale;
    return {
      text: text.textContent,
      size: size(text),
      small: Math.min(...[...text.querySelectorAll("tspan")].map(size), 99),
      outside: Math.max(frame.left - box.left, box.right - frame.right, frame.top - box.top, box.bottom - frame.bottom),
    };
  });
  return {
    id: svg.parentElement.id,
    label: svg.getAttribute("aria-label") ?? "",
    role: svg.getAttribute("role"),
    caption: svg.parentElement.querySelector("figcaption")?.innerText ?? "",
    left: frame.left,
    right: frame.right,
    clipped: getComputedStyle(svg).overflow !== "visible",
    images: svg.querySelectorAll("image, style").length,
    texts,
  };
})"""


# 二枚の画面を待ち、幅や主題に従った配置が済んでから測ります。
SETTLED = """async (theme) => {
  document.documentElement.dataset.theme = theme;
  await document.fonts.ready;
  await new Promise((seen) => requestAnimationFrame(() => requestAnimationFrame(seen)));
}"""


@pytest.fixture(scope="module")
def shown(browser, site_url):
    """shown(name, width, scheme, font) は、その様子の章のページです。章は一度だけ開きます。

    font (幅の倍率 %) があれば、図の字をその幅の書体にします。
    """
    context = browser.new_context(locale="ja-JP")
    opened = {}

    def visit(name, width=1280, scheme="light", font=None):
        if name not in opened:
            opened[name] = context.new_page()
            opened[name].goto(site_url + name, wait_until="load")
        page = opened[name]
        page.set_viewport_size({"width": width, "height": 800})
        page.emulate_media(media="screen", color_scheme=scheme)
        page.evaluate("document.getElementById('measured')?.remove()")
        if font:
            data = b64encode(japanese_font().read_bytes()).decode()
            # 字の幅は大きさとともに変わります。測る字の大きさは変わりません
            css = (
                f"@font-face {{ font-family: Measured{font}; size-adjust: {font}%; "
                f"src: url(data:font/ttf;base64,{data}); }}"
                f".picture text, .picture .m {{ font-family: Measured{font} !important; }}"
            )
            style = page.add_style_tag(content=css)
            style.evaluate("style => { style.id = 'measured'; }")
            page.evaluate(f"document.fonts.load('12px Measured{font}', 'あ')")
        page.evaluate(SETTLED, scheme)
        return page

    yield visit
    context.close()


@pytest.fixture(scope="module")
def numbered(site_dir):
    """図のある章のページと、そこの図の番号。"""
    found = {}
    for path in sorted((ROOT / "chapters").glob("[0-9][0-9]_*.ipynb")):
        page = f"chapters/{path.stem}.html"
        if numbers_in(path) and (site_dir / page).exists():
            found[page] = numbers_in(path)
    return found


def test_every_picture_has_its_number_a_caption_and_words(shown, numbered):
    for name, numbers in numbered.items():
        page = shown(name)
        pictures = page.evaluate(LOOK)
        # 番号は、絵か、動く図か、どちらか一つのものです
        living = page.locator(".rnnbook-view[id^=fig-]").count()
        assert len(pictures) + living == len(numbers)
        for picture in pictures:
            number = picture["id"].replace("fig-", "図 ").replace("-", ".")
            assert number in numbers
            assert picture["caption"].startswith(number + "　")
            assert "$" not in picture["caption"]
            assert picture["role"] == "img" and picture["label"].endswith("。")
            assert picture["images"] == 0
        missing = [n for n in numbers if page.locator("#" + anchor(n)).count() != 1]
        assert missing == []
        # 図を PNG で見せているところは残っていません
        assert page.locator(".cell_output img").count() == 0


# 広い書体と狭い画面の組が、いちばん厳しい組です。
@pytest.mark.parametrize(
    ("width", "font"),
    [
        (360, 125),
        *(
            pytest.param(width, font, marks=pytest.mark.weekly)
            for width, font in ((360, 100), (1280, 100), (1280, 125))
        ),
    ],
)
def test_every_word_of_a_picture_is_large_enough_and_whole(
    shown, numbered, width, font
):
    small, cut = {}, {}
    for name in numbered:
        page = shown(name, width=width, font=font)
        for picture in page.evaluate(LOOK):
            assert picture["left"] >= 0 and picture["right"] <= width
            assert not picture["clipped"]
            for text in picture["texts"]:
                key = (picture["id"], text["text"])
                if text["size"] < 11 or text["small"] < 9:  # 添字は 9 px から
                    small[key] = (text["size"], text["small"])
                # 4 px までは、枠の外でも切れません（pictures.css の overflow）
                if text["outside"] > 4:
                    cut[key] = text["outside"]
    assert small == {}
    assert cut == {}


@pytest.mark.parametrize("scheme", SCHEMES)
def test_every_word_of_a_picture_stands_out_from_its_ground(
    shown, numbered, contrast, scheme
):
    low = {}
    for name in numbered:
        page = shown(name, scheme=scheme)
        answer = contrast(page, within="figure.picture > svg")
        # 字のない絵はありません。動く図だけの章には、測る絵がありません
        assert (answer["count"] > 0) == (
            page.locator("figure.picture > svg").count() > 0
        )
        low |= {(name, text): ratio for text, ratio in answer["low"].items()}
    assert low == {}


# 図を画素にして、明るい画素の割合を数えます。色の規則は、画素にするとき失われるので写します。
BRIGHT = """async (svg) => {
  const copy = svg.cloneNode(true);
  const from = svg.querySelectorAll("*"), to = copy.querySelectorAll("*");
  from.forEach((node, i) => {
    const style = getComputedStyle(node);
    for (const name of ["fill", "stroke", "stroke-width"]) to[i].style.setProperty(name, style.getPropertyValue(name));
  });
  const { width, height } = svg.viewBox.baseVal;
  copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  copy.setAttribute("width", width);
  copy.setAttribute("height", height);
  const image = new Image();
  image.src = "data:image/svg+xml," + encodeURIComponent(new XMLSerializer().serializeToString(copy));
  await image.decode();
  const canvas = Object.assign(document.createElement("canvas"), {width, height});
  const pen = canvas.getContext("2d");
  pen.fillStyle = getComputedStyle(document.body).backgroundColor;
  pen.fillRect(0, 0, width, height);
  pen.drawImage(image, 0, 0);
  const data = pen.getImageData(0, 0, width, height).data;
  let bright = 0;
  for (let i = 0; i < data.length; i += 4) bright += (data[i] + data[i + 1] + data[i + 2]) / 3 > 160;
  return bright / (data.length / 4);
}"""


def test_no_picture_is_a_light_box_on_a_dark_page(shown, numbered):
    """明るい画素は、線と字と升目だけです。白い箱なら、ほとんどすべてになります。"""
    for name in numbered:
        page = shown(name, scheme="dark")
        for svg in page.locator("figure.picture > svg").all():
            bright = svg.evaluate(BRIGHT)
            assert bright < 0.35, svg.evaluate("svg => svg.parentElement.id")


def test_a_picture_printed_from_the_dark_page_has_the_light_colors(shown, numbered):
    lines = "svg => getComputedStyle(svg.querySelector('[class*=\"s-\"]')).stroke"
    for name in numbered:
        colors = []
        for scheme in SCHEMES:
            page = shown(name, scheme=scheme)
            page.emulate_media(media="print")
            colors.append(
                [svg.evaluate(lines) for svg in page.locator(".picture svg").all()]
            )
        assert colors[0] == colors[1]


def test_a_number_in_the_prose_leads_to_its_picture(shown, numbered):
    for name, numbers in numbered.items():
        page = shown(name)
        for number in numbers:
            link = page.locator("a.picture-link", has_text=re.compile(f"^{number}$"))
            assert link.count() >= 1, number
            assert link.first.get_attribute("href") == "#" + anchor(number)
