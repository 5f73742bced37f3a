"""主題の CSS: ページに当たらない規則だけが除かれ、当たる規則は一つも欠けません。"""

from pathlib import Path

import pydata_sphinx_theme
import pytest
import tinycss2

from rnnbook.book import used_styles
from rnnbook.book.used_styles import used

THEME = Path(pydata_sphinx_theme.__file__).parent / "theme/pydata_sphinx_theme/static"
BOOTSTRAP = (THEME / "styles/bootstrap.css").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("css", "left"),
    [
        (".a { x: 1 }", ".a{ x: 1 }"),
        (".b { x: 1 }", ""),
        ("#b { x: 1 } #a { x: 1 }", "#a{ x: 1 }"),
        (".a .b, .a > p { x: 1 }", ".a > p{ x: 1 }"),
        ("p, [data-b] { x: 1 }", "p,[data-b]{ x: 1 }"),
        (".a:not(.b):is(.b, p) { x: 1 }", ".a:not(.b):is(.b, p){ x: 1 }"),
        ("@media print { .b { x: 1 } }", ""),
        (
            "@media print { @supports (x: 1) { .a { x: 1 } .b { x: 1 } } }",
            "@media print{@supports (x: 1){.a{ x: 1 }}}",
        ),
        (":root { --b: 1 } /* b */", ":root{ --b: 1 }"),
        ("@keyframes b { to { x: 1 } }", "@keyframes b { to { x: 1 } }"),
        ('@charset "UTF-8"; .a { x: "}" }', '@charset "UTF-8";.a{ x: "}" }'),
    ],
)
def test_only_a_selector_that_names_what_no_page_has_is_left_out(css, left):
    assert used(css, {"a"}) == left


def test_a_style_sheet_whose_names_all_occur_keeps_every_declaration():
    def declarations(css):
        """宣言の並び。空白の違いは見ません。"""
        rules, found = list(tinycss2.parse_stylesheet(css, True, True)), []
        for rule in rules:
            if rule.type == "at-rule" and rule.lower_at_keyword in used_styles.NESTING:
                rules += tinycss2.parse_rule_list(rule.content, True, True)
            else:
                found.append("".join(rule.serialize().split()))
        return sorted(found)

    left = used(BOOTSTRAP, used_styles.names_in(BOOTSTRAP))
    assert declarations(left) == declarations(BOOTSTRAP)


def test_a_name_that_a_script_puts_on_the_page_counts_as_used(tmp_path):
    class App:
        outdir = tmp_path

        class builder:
            format = "html"

    static = tmp_path / "_static"
    (static / "styles").mkdir(parents=True)
    sheet = static / "styles/bootstrap.css"
    sheet.write_text(".open { x: 1 } .shut { x: 1 } .far { x: 1 }", encoding="utf-8")
    (static / "a.js").write_text('node.classList.add("open")', encoding="utf-8")
    (tmp_path / "a.html").write_text('<p class="wide shut">', encoding="utf-8")
    used_styles.trim(App, None)
    assert sheet.read_text(encoding="utf-8") == ".open{ x: 1 }.shut{ x: 1 }"


def test_the_site_carries_no_rule_for_a_name_that_no_page_has(site_dir):
    for sheet in ("styles/bootstrap.css", "styles/pydata-sphinx-theme.css"):
        css = (site_dir / "_static" / sheet).read_text(encoding="utf-8")
        assert ".spinner-border" not in css and len(css) < 60_000, sheet
        assert ".bd-sidebar" in css or ".d-none" in css, sheet
