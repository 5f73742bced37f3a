"""MathML を、題名や検索に使える文字にします。"""

import html
import re
import unicodedata
from xml.etree import ElementTree

# 飾りの字と、文字に重ねる印。
_ACCENTS = {
    "˜": "\u0303",
    "ˆ": "\u0302",
    "¯": "\u0304",
    "‾": "\u0304",
    "→": "\u20d7",
    "\u20d7": "\u20d7",
    "˙": "\u0307",
}
_SPACED = frozenset("=≠≈≡<>≤≥≪≫+−±×⊙⊗⊕∈∉∼∝→⇒↦∣≔")
_SCRIPTS = ("msub", "msup", "msubsup", "munder", "mover", "munderover")
# 太字や筆記体の数式用英数字と、幅のない記号。
_LETTERS = re.compile("[\U0001d400-\U0001d7ff\u2100-\u214f]")
_INVISIBLE = re.compile("[\u2061-\u2064\ufe00\ufe01]")
_XML_ENTITY = re.compile(r"&(?!lt;|gt;|amp;|quot;|#)\w+;")


def plain_text(mathml: str) -> str:
    """``<math>`` 要素を、h_t や W_xh のような一行の文字にします。

    >>> plain_text("<math><msub><mi>h</mi><mi>t</mi></msub></math>")
    'h_t'
    """
    root = ElementTree.fromstring(
        _XML_ENTITY.sub(lambda m: html.unescape(m[0]), mathml)
    )
    return unicodedata.normalize("NFC", " ".join(_text(root).split()))


def readable(fragment: str) -> str:
    """HTML の断片にある数式を、読める文字に置きかえます。

    >>> readable("状態 <math><msub><mi>h</mi><mi>t</mi></msub></math> とは")
    '状態 h_t とは'
    """
    return re.sub(
        r"<math\b.*?</math>",
        lambda m: html.escape(plain_text(m[0])),
        fragment,
        flags=re.DOTALL,
    )


def _text(node) -> str:
    """一つの要素の文字。添字と分数には、一行で読める記号を補います。"""
    name, children = node.tag.rpartition("}")[2], list(node)
    if name in _SCRIPTS:
        return _scripts(node, name, children)
    if name == "mfrac":
        return f"{_group(_text(children[0]), '()')}/{_group(_text(children[1]), '()')}"
    if name == "msqrt":
        return f"√{_group(_row(children), '()')}"
    if name == "mtr":
        return _row(children) + "; "
    if name == "semantics":  # 二つ目の子は元の TeX です
        return _text(children[0])
    if name == "mspace":
        return " " if node.get("width", "0").rstrip("em") not in ("0", "") else ""
    if children:
        return _row(children)
    word = _LETTERS.sub(lambda m: unicodedata.normalize("NFKC", m[0]), node.text or "")
    word = _INVISIBLE.sub("", word)
    if name == "mo":
        return f" {word} " if word in _SPACED else word
    return word


def _row(children) -> str:
    """横に並ぶ要素。添字のついた文字が続くときは、間をあけます。"""
    out = ""
    for child in children:
        word = _text(child)
        if re.search(r"[_^](\w+|\{[^{}]*\})$|/\w$", out) and re.match(r"[\w∑∏]", word):
            out += " "
        out += word
    return out


def _scripts(node, name: str, children) -> str:
    base, first = _text(children[0]), _text(children[1]).strip()
    if name == "mover" and first in _ACCENTS and len(base) == 1:
        return base + _ACCENTS[first]
    if first in ("⏟", "⏞"):  # 下や上の波括弧そのもの
        return base
    if name in ("msup", "mover"):
        return base + (first if first in "′″⊤" else "^" + _group(first, "{}"))
    lower = f"{base}_{_group(first, '{}')}"
    if len(children) == 3:
        return f"{lower}^{_group(_text(children[2]).strip(), '{}')}"
    return lower


def _group(word: str, marks: str) -> str:
    """一語でなければ括弧で包みます。"""
    word = re.sub(r" ?([=+−→×]) ?", r"\1", word.strip()).replace("−", "-")
    return word if re.fullmatch(r"[\w^′]*", word) else marks[0] + word + marks[1]
