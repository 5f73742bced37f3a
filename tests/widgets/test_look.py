"""図の見た目: 明暗、スマートフォンの幅、空けておく場所、部品の名前。"""

import re

import numpy as np
import pytest

FIGURES = [
    "unrolled",
    "lookback",
    "quiz",
    "dial",
    "length",
    "gate_viewer",
    "microscope",
    "lesson",
    "playground",
]


def contrast(page, selector: str) -> float:
    """文字と地の明るさの比（WCAG）。"""
    colors = page.locator(selector).first.evaluate(
        """(e) => [getComputedStyle(e).color, getComputedStyle(e.closest(".rnnbook-figure")).backgroundColor]"""
    )
    light = []
    for color in colors:
        rgb = np.array([float(v) for v in re.findall(r"[\d.]+", color)[:3]]) / 255
        linear = np.where(rgb <= 0.03928, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
        light.append(float(linear @ [0.2126, 0.7152, 0.0722]) + 0.05)
    return max(light) / min(light)


DARK_HOSTS = {
    "本のページ": "document.documentElement.dataset.theme = 'dark'",
    "JupyterLab": "document.body.dataset.jpThemeLight = 'false'",
    "Colab": "document.documentElement.setAttribute('theme', 'dark')",
}


@pytest.mark.parametrize("host", DARK_HOSTS)
def test_the_figure_is_dark_where_the_host_is_dark(opened, host):
    page = opened("unrolled")
    ground = (
        "getComputedStyle(document.querySelector('.rnnbook-figure')).backgroundColor"
    )
    assert page.evaluate(ground) == "rgb(255, 255, 255)"
    for selector in (".rf-live", "figcaption"):
        assert contrast(page, selector) >= 4.5
    page.evaluate(DARK_HOSTS[host])
    assert max(int(v) for v in re.findall(r"\d+", page.evaluate(ground))) < 60
    for selector in (".rf-live", "figcaption"):
        assert contrast(page, selector) >= 4.5


def test_the_setting_of_the_machine_decides_only_where_the_host_says_nothing(
    browser, small_url
):
    context = browser.new_context(color_scheme="dark")
    page = context.new_page()
    page.goto(f"{small_url}unrolled.html")
    page.wait_for_selector(".rnnbook-figure")
    ground = (
        "getComputedStyle(document.querySelector('.rnnbook-figure')).backgroundColor"
    )
    assert page.evaluate(ground) != "rgb(255, 255, 255)"
    for light in (
        "document.documentElement.dataset.theme = 'light'",
        "delete document.documentElement.dataset.theme; document.body.dataset.jpThemeLight = 'true'",
    ):
        page.evaluate(light)
        assert page.evaluate(ground) == "rgb(255, 255, 255)"
    context.close()


# 枠からはみ出した文字と、ほかの文字に重なった目盛りや注
FAULTS = """() => {
  const shown = (e) => e.getBoundingClientRect().width > 0 && getComputedStyle(e).visibility !== "hidden";
  const figures = [...document.querySelectorAll(".rnnbook-figure")];
  const faults = [];
  for (const figure of figures) {
    const frame = figure.getBoundingClientRect();
    for (const e of figure.querySelectorAll("*")) {
      if (e.closest("defs") || !shown(e)) continue;
      const [box, words] = [e.getBoundingClientRect(), e.textContent.slice(0, 40)];
      if (box.left < frame.left - 1 || box.right > frame.right + 1) faults.push(`枠の外: ${e.tagName} ${words}`);
      if (e instanceof HTMLElement && e.scrollWidth > e.clientWidth + 1 && e.clientWidth && getComputedStyle(e).display !== "inline") faults.push(`あふれ: ${e.tagName} ${words}`);
    }
    for (const svg of figure.querySelectorAll("svg")) {
      const texts = [...svg.querySelectorAll("text")].filter(shown), inside = svg.getBoundingClientRect();
      for (const text of texts) {
        const box = text.getBoundingClientRect();
        if (box.left < inside.left - 1 || box.right > inside.right + 1 || box.top < inside.top - 3 || box.bottom > inside.bottom + 3) faults.push(`図の外: ${text.textContent}`);
      }
      for (const [kind, near] of [[".rf-axes", 0.5], [".rf-notes", 4.5]]) {
        const words = texts.filter((text) => text.closest(kind)).map((text) => [text.textContent, text.getBoundingClientRect()]);
        words.forEach(([name, a], i) => words.slice(0, i).forEach(([other, b]) => {
          if (Math.min(a.right, b.right) - Math.max(a.left, b.left) > near && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 3) faults.push(`重なり: ${name} と ${other}`);
        }));
      }
    }
  }
  if (document.documentElement.scrollWidth > innerWidth) faults.push("頁が横に動く");
  return faults;
}"""


@pytest.mark.parametrize("name", FIGURES)
@pytest.mark.parametrize(
    ("width", "font"),
    [
        (320, "wide"),
        (1280, "narrow"),
        pytest.param(320, "narrow", marks=pytest.mark.weekly),
        pytest.param(1280, "wide", marks=pytest.mark.weekly),
    ],
)
def test_no_word_is_cut_off_in_a_narrow_or_a_wide_font(
    in_font, settled, name, width, font
):
    page = in_font(name, width, font)
    assert page.evaluate(FAULTS) == []
    for slider in page.locator(".rnnbook-figure input[type=range]:visible").all():
        for end in ("End", "Home"):
            slider.press(end)
            settled()
            assert page.evaluate(FAULTS) == [], end
    for choice in page.locator(".rnnbook-figure .rf-choice input").all():
        if choice.is_visible():  # ほかのセルのつまみは、隠れている
            choice.check()
            settled()
            assert page.evaluate(FAULTS) == []


def test_the_words_are_measured_again_when_a_wider_font_arrives(
    page, opened, settled, use_font
):
    opened("microscope")
    use_font("narrow")

    def left_of_the_plot():
        return float(page.locator(".rf-base").first.get_attribute("x1"))

    before = left_of_the_plot()
    use_font("wide")
    assert left_of_the_plot() > before
    assert page.evaluate(FAULTS) == []


@pytest.mark.parametrize("name", FIGURES)
def test_a_phone_shows_legible_text_and_large_targets(opened, settled, name):
    page = opened(name)
    page.set_viewport_size({"width": 360, "height": 740})
    settled()
    # 添え字のほかは 12 px 以上
    sizes = page.evaluate(
        """() => [...document.querySelectorAll(".rnnbook-figure *")]
          .filter((e) => !e.closest("sub, sup, .rf-sub, .rf-sup") && [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim()))
          .map((e) => parseFloat(getComputedStyle(e).fontSize))"""
    )
    assert min(sizes) >= 12
    heights = page.evaluate(
        """() => [...document.querySelectorAll(".rnnbook-figure :is(button, input[type=range], input[type=text], dd a, .rf-choice label, .rf-checks label, .rf-question > label)")]
          .map((e) => e.getBoundingClientRect().height).filter(Boolean)"""
    )
    assert not heights or min(heights) >= 40


@pytest.mark.parametrize("name", FIGURES)
def test_the_plot_fills_the_width_it_has(opened, settled, name):
    page = opened(name)
    for width in (320, 480, 900):
        page.set_viewport_size({"width": width, "height": 740})
        settled()
        for holder in page.locator(".rf-plot").all():
            box = holder.bounding_box()
            assert holder.locator("svg").bounding_box()["width"] == pytest.approx(
                box["width"], abs=1
            )


@pytest.mark.parametrize("name", FIGURES)
@pytest.mark.parametrize(("width", "font"), [(360, "wide"), (760, "narrow")])
def test_the_place_kept_for_a_figure_is_about_its_height(in_font, name, width, font):
    page = in_font(name, width, font)
    kept, drawn = page.evaluate(
        """() => { const view = document.querySelector(".rnnbook-view"), style = getComputedStyle(view);
          return [parseFloat(style.getPropertyValue(innerWidth <= 600 ? "--narrow" : "--wide")), view.getBoundingClientRect().height]; }"""
    )
    # 問いの高さは文の長さによるので、見積もりは粗い。
    worded = name in ("quiz", "lesson")
    assert drawn == pytest.approx(kept, rel=0.6 if worded else 0.12)


@pytest.mark.parametrize("name", FIGURES)
def test_every_control_has_a_name(opened, name):
    page = opened(name)
    for role in ("slider", "radio", "checkbox", "button", "textbox"):
        for control in page.locator(".rnnbook-figure").get_by_role(role).all():
            name_of = control.evaluate(
                """(e) => e.getAttribute("aria-label") || document.getElementById(e.getAttribute("aria-labelledby"))?.textContent || [...(e.labels ?? [])].map((l) => l.textContent).join("") || e.textContent"""
            )
            assert name_of.strip()
