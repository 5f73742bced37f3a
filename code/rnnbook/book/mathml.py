r"""数式を、組むときに MathML にします。ページは数式のためのスクリプトを読み込みません。

TeX から MathML への変換は math-core（MathML Core を出すための変換器）に任せ、ここでは
それを Sphinx につなぎます。書体は :mod:`rnnbook.book.mathfont` が作ります。
比べた他の変換器では、KaTeX の MathML は縦棒が伸びず ``\mathbb`` と ``\mathcal`` が消え、
latex2mathml は aligned を崩しました。

誤った数式は Sphinx の警告になります。警告をエラーとみなす組み方では、組むことが止まります。
"""

import html
import re
from pathlib import Path

from docutils import nodes
from math_core import LatexError, LatexToMathML
from sphinx.util import logging

from rnnbook.book.mathfont import write_font
from rnnbook.book.mathtext import plain_text, readable

logger = logging.getLogger(__name__)

# 狭い画面では、この文字数より長い行内の数式を別の行に出し、そこだけ横に送れるようにします。
LONG_INLINE = 40

_TAG = re.compile(r"\\tag\{([^{}]*)\}")
# Jupyter と Colab の MathJax は align に番号を振りません。ここでも同じにします。
_NUMBERED = re.compile(r"\\(begin|end)\{(equation|align|gather|multline)\}")
_ANNOTATION = re.compile(r"(<annotation [^>]*>).*(</annotation>)", re.DOTALL)
# 丸で囲んだ二項演算子。Firefox は別行立てで総和の記号のように大きく描くので、止めます。
_CIRCLED = re.compile(r"<mo\b([^>]*)>(?=[⊕-⊝]</mo>)")
_CONVERTER = LatexToMathML(annotation=True, fancy_error=False)


class FormulaError(ValueError):
    """数式を読めないこと。どの数式の何がいけないかを述べます。"""


def convert(tex: str, display: bool = False) -> tuple[str, str | None]:
    r"""TeX の数式を ``<math>`` 要素にし、(要素, 番号) を返します。

    番号は ``\tag{1.2}`` の中身で、なければ None です。
    元の TeX は annotation に残り、コピーや読み上げの道具が使えます。

    Args:
        tex: 数式（``$`` は含みません）。
        display: 別行立てなら True。
    Raises:
        FormulaError: 数式を読めないとき、番号の書き方が正しくないとき。

    >>> convert(r"\frac{1}{T}")[0][:53]
    '<math><semantics><mfrac><mn>1</mn><mi>T</mi></mfrac><'
    >>> convert(r"h_t = x_t \tag{1.2}", display=True)[1]
    '1.2'
    """
    source = tex.strip()
    tags = _TAG.findall(source)
    if not source:
        raise FormulaError("数式が空です。")
    if len(tags) > (1 if display else 0):
        raise FormulaError(
            rf"\tag は別行立ての数式に一つだけ書けます。{len(tags)} 個ありました: {_short(source)}"
        )
    if r"\\" in source and r"\begin" not in source:
        raise FormulaError(
            rf"改行 \\ は \begin{{aligned}} などの中にだけ書けます: {_short(source)}"
        )
    body = _NUMBERED.sub(r"\\\1{\2*}", _TAG.sub("", source))
    try:
        mathml = _CONVERTER.convert_with_local_state(body, displaystyle=display)
    except LatexError as error:
        raise FormulaError(f"数式を読めません（{error}）: {_short(source)}") from error
    mathml = _CIRCLED.sub(r'<mo\1 largeop="false">', mathml)
    note = html.escape(source, quote=False)
    return _ANNOTATION.sub(lambda m: m[1] + note + m[2], mathml), tags[
        0
    ] if tags else None


def _short(tex: str) -> str:
    """エラーの文に引く、長すぎない数式。"""
    line = " ".join(tex.split())
    return line if len(line) <= 80 else line[:79] + "…"


def _place(node) -> str:
    """警告に添える場所。ノートブックでは、行番号がセルの番号を含んでいます。"""
    line, source = node.line or 0, str(node.source or "")
    # myst-nb はノートブックの行番号を「セルの番号 × 10000 + 行 + 1」と数えます。
    if source.endswith(".ipynb") and line > 10000:
        return f"（セル {line // 10000} の {line % 10000 - 1} 行目）"
    return ""


def _render(node, display: bool) -> tuple[str, str | None]:
    """節を MathML にします。読めなければ文書と行を名指す警告にし、ページには TeX を残します。"""
    tex = node.astext()
    try:
        return convert(tex, display)
    except FormulaError as error:
        logger.warning("%s%s", error, _place(node), location=node, type="math")
        return f'<code class="formula-error">{html.escape(tex)}</code>', None


def visit_math(translator, node) -> None:
    """行の中の数式。"""
    mathml, _ = _render(node, display=False)
    kind = (
        "formula formula-long" if len(plain_text(mathml)) > LONG_INLINE else "formula"
    )
    translator.body.append(f'<span class="{kind} notranslate">{mathml}</span>')
    raise nodes.SkipNode


def visit_math_block(translator, node) -> None:
    """別行立ての数式。番号は右に置き、幅が足りなければ次の行に回します。"""
    mathml, number = _render(node, display=True)
    eqno = f'<span class="eqno">({html.escape(number)})</span>' if number else ""
    translator.body.append(
        translator.starttag(node, "div", CLASS="formula-block notranslate")
    )
    translator.body.append(f'<div class="formula-scroll">{mathml}</div>{eqno}</div>\n')
    raise nodes.SkipNode


def _configure(app, config) -> None:
    config.html_math_renderer = "mathml"
    # MathJax のための印を、myst-parser に付けさせません。
    config.myst_update_mathjax = False
    # セルの出力の Markdown も、本文と同じ書き方（$…$ を含む）で読みます。
    config.nb_render_markdown_format = "myst"
    static = Path(app.doctreedir) / "mathfont"
    write_font(static / "math.woff2")
    config.html_static_path = [*config.html_static_path, str(static)]


def _readable_title(app, pagename, templatename, context, doctree) -> None:
    """題名に数式があるとき、ブラウザの題名には読める文字を出します。"""
    if "<math" in (context.get("title") or ""):
        context["title"] = readable(context["title"])


def setup(app):
    """Sphinx の拡張として登録します。"""
    app.add_html_math_renderer("mathml", (visit_math, None), (visit_math_block, None))
    app.connect("config-inited", _configure)
    app.connect("html-page-context", _readable_title)
    app.add_css_file("math.css")
    return {"parallel_read_safe": True, "parallel_write_safe": True}
