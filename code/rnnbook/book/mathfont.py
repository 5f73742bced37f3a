"""数式の書体。STIX Two Math（OFL）から、この本が使う字だけを取り出して WOFF2 にします。

書体は ziamath の wheel に入っているものを読みます。リポジトリには置きません。
字の表（:data:`REPERTOIRE`）は章に合わせて変えず、ここに決めておきます。組むたびに同じ書体に
なり、一つの章を直しても他の章の書体は変わりません。表にない字は、試験が見つけます。
"""

from importlib.util import find_spec
from pathlib import Path

from fontTools import subset

# 数式用英数字（U+1D400 台）の穴を埋める、U+2100 台の字。
_LETTERLIKE = "ℂℊℋℌℍℎℐℑℒℓℕℙℚℛℜℝℤℬℰℱℳℴ"
_ACCENTS = "\u0302\u0303\u0304\u0307\u0308\u0332\u20d7ˆ˜ˇ˘˙˚¨¯´`‾⏞⏟⏜⏝"
_OPERATORS = (
    "±·×÷¬°†‡…‖′″‴‰ℏℵ♯♭□△◇⊤⌈⌉⌊⌋⟂⟨⟩⟦⟧⨀⨁⨂←→↑↓↔↦↪⇐⇒⇑⇓⇔⟵⟶⟷⟸⟹⟺"
    # U+2200 台から
    "∀∂∃∅∆∇∈∉∋∏∐∑−∓∖∗∘∙√∝∞∠∣∥∧∨∩∪∫∬∮∴∵∼≃≅≈≍≐≔≜≠≡≤≥≪≫≲≳≺≻⊂⊃⊆⊇⊊⊕⊖⊗⊙⊠⊢⊥⊨⋂⋃⋄⋅⋆⋮⋯⋱"
)
# 幅のない演算子（関数の適用など）と、細い空白。
_INVISIBLE = "\u00a0\u2009\u200a\u2061\u2062\u2063\u2064\ufe00\ufe01"


def _between(first: str, last: str) -> set[int]:
    return set(range(ord(first), ord(last) + 1))


REPERTOIRE = frozenset(
    _between(" ", "~")  # ASCII
    | _between("Α", "Ω")
    | _between("α", "ω")
    | {ord(c) for c in "ϑϕϵϖϱϰ"}
    | _between("\U0001d400", "\U0001d4cf")  # 太字、斜体、太い斜体、筆記体
    | _between("\U0001d538", "\U0001d551")  # 黒板太字の大文字
    | _between("\U0001d5a0", "\U0001d5d3")  # サンセリフ
    | _between("\U0001d6a8", "\U0001d755")  # ギリシャ文字の太字、斜体、太い斜体
    | _between("\U0001d7ce", "\U0001d7e1")  # 太字の数字、黒板太字の数字
    | {ord(c) for c in _LETTERLIKE + _ACCENTS + _OPERATORS + _INVISIBLE}
)


def write_font(path: Path) -> None:
    """部分集合の書体を ``path`` に書きます。伸びる括弧や根号の形（MATH 表）も残します。"""
    options = subset.Options(
        flavor="woff2",
        layout_features=[],  # 添字用の別字形（ssty）を除くと、大きさは半分になります
        hinting=False,
        glyph_names=False,
        notdef_outline=True,
        name_IDs=[0, 1, 2, 5, 13, 14],  # 著作権と許諾の文を残します
    )
    package = Path(find_spec("ziamath").submodule_search_locations[0])
    font = subset.load_font(str(package / "fonts" / "STIXTwoMath-Regular.ttf"), options)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=REPERTOIRE)
    subsetter.subset(font)
    path.parent.mkdir(parents=True, exist_ok=True)
    subset.save_font(font, str(path), options)
