"""見出しと目次の題を、狭い画面では文節で折ります。

文節は、組むときに budoux が見つけます。切れ目には ``<wbr>``（折ってよい所の印）だけを置くので、
題の文字は変わらず、検索、住所、ブラウザの題名、コピーした文には何も残りません。
"""

import html
import re
from functools import cache

from budoux import load_default_japanese_parser
from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform

# スマートフォンの幅の一行に入らない文節は、字の種類の変わる所でも折ります（再帰型|ニューラルネットワーク）。
LONG = 11
_SCRIPTS = re.compile(r"(?<=[一-龥々])(?=[ァ-ヶ])")
# 数式とタグは、そのまま通します。
_MARKUP = re.compile(r"(<math\b.*?</math>|<[^>]+>)", re.DOTALL)


@cache
def _parser():
    return load_default_japanese_parser()


def phrases(text: str) -> list[str]:
    """文字を文節に分けます。つなぐと元の文字に戻ります。

    >>> phrases("再帰型ニューラルネットワークの基礎")
    ['再帰型', 'ニューラルネットワークの', '基礎']
    """
    found = _parser().parse(text) or [text]
    return [
        part
        for phrase in found
        for part in (_SCRIPTS.split(phrase) if len(phrase) > LONG else [phrase])
    ]


def phrased(markup: object) -> str:
    """HTML の断片の文字に ``<wbr>`` を入れます。雛形が目次と題に使います。

    >>> phrased('<a href="#x">勾配消失と勾配爆発</a>')
    '<a href="#x">勾配消失と<wbr>勾配爆発</a>'
    """
    return "".join(
        piece
        if piece.startswith("<")
        else "<wbr>".join(
            html.escape(phrase, quote=False) for phrase in phrases(html.unescape(piece))
        )
        for piece in _MARKUP.split(str(markup))
        if piece
    )


class Break(nodes.Element):
    """折ってよい所。文字を持ちません。"""


def visit_break(translator, node) -> None:
    translator.body.append("<wbr>")
    raise nodes.SkipNode


class BreakTitles(SphinxPostTransform):
    """節の題の文字を文節に分けます。コードと数式の中は分けません。"""

    default_priority = 300
    formats = ("html",)

    def run(self, **kwargs) -> None:
        for section in self.document.findall(nodes.section):
            title = section.next_node(nodes.title)
            for text in list(title.findall(nodes.Text)):
                if not isinstance(text.parent, nodes.literal | nodes.math):
                    text.parent.replace(text, _with_breaks(text.astext()))


def _with_breaks(text: str) -> list[nodes.Node]:
    first, *rest = phrases(text)
    return [
        nodes.Text(first),
        *(node for phrase in rest for node in (Break(), nodes.Text(phrase))),
    ]


def _offer_to_templates(app, pagename, templatename, context, doctree) -> None:
    context["phrased"] = phrased


def setup(app) -> None:
    app.add_node(Break, html=(visit_break, None))
    app.add_post_transform(BreakTitles)
    # 主題が雛形を組む (500) より先に渡します。
    app.connect("html-page-context", _offer_to_templates, priority=400)
