"""いくつかの ES モジュールを、一つの文字列にまとめます。

JupyterLab と Colab の anywidget は、図のモジュールを一つの文字列 `_esm` として受け取ります。
そこで、図のモジュールが `import { 名前 } from "../kit/x.js";` で読むものを、読まれる順に前へ並べ、
import の行と export の語と、行の頭から始まる注釈を落とします（ページが三分の一ほど軽くなります）。
分からない書き方は、黙って通さず誤りにします。
"""

from __future__ import annotations

import re
from pathlib import Path

_IMPORT = re.compile(
    r'import \{ ([\w$]+(?:, [\w$]+)*) \} from "(\.\.?/(?:[\w-]+/)*[\w-]+\.js)";'
)
_DECLARATION = re.compile(
    r"(?:export )?(?:async )?(?:function\*? ?|const |let |var |class )([\w$]+)"
)
_DESTRUCTURING = re.compile(r"(?:export )?(?:const|let|var) [\[{]")


def bundle(root: Path) -> str:
    """モジュール root と、それが読むものを、一つの ES モジュールの文字列にします。

    ValueError: 分からない import や export、循環、読む先にない名前、名前の衝突。
    """
    root = root.resolve()
    order: list[Path] = []
    _visit(root, order, ())

    owner: dict[str, Path] = {}
    texts = []
    for path in order:
        names, text = _strip(path, is_root=path == root)
        for name in names:
            if name in owner:
                raise ValueError(
                    f"{path.name} と {owner[name].name} が、同じ名前 {name} を宣言しています。"
                )
            owner[name] = path
        texts.append(f"// ---- {path.name}\n{text}")
    return "\n".join(texts)


def _visit(path: Path, order: list[Path], above: tuple[Path, ...]) -> None:
    """path が読むものを先に、path を後に、order へ加えます。"""
    if path in above:
        raise ValueError(
            f"import が循環しています: {' → '.join(p.name for p in (*above, path))}"
        )
    if path in order:
        return
    for names, other in _imports(path):
        _visit(other, order, (*above, path))
        missing = set(names) - _exports(other)
        if missing:
            raise ValueError(
                f"{path.name} が読む {', '.join(sorted(missing))} は、{other.name} が export していません。"
            )
    order.append(path)


def _imports(path: Path) -> list[tuple[list[str], Path]]:
    found = []
    for number, line in enumerate(_read(path).splitlines(), start=1):
        if not re.match(r"import\b", line):
            continue
        match = _IMPORT.fullmatch(line.rstrip())
        if not match:
            raise ValueError(
                f'{path.name} の {number} 行の import は、一行の import {{ 名前 }} from "./x.js"; の形にしてください: {line}'
            )
        found.append((match[1].split(", "), (path.parent / match[2]).resolve()))
    return found


def _exports(path: Path) -> set[str]:
    lines = (line for line in _read(path).splitlines() if line.startswith("export "))
    return {match[1] for line in lines if (match := _DECLARATION.match(line))}


def _strip(path: Path, is_root: bool) -> tuple[list[str], str]:
    """最上位で宣言された名前と、import、export、注釈を落とした本文を返します。"""
    names, kept = [], []
    for number, line in enumerate(_without_comments(_read(path)), start=1):
        if not line or re.match(r"import\b", line):
            continue
        if line.startswith("export default ") and is_root:
            kept.append(line)
            continue
        match = _DECLARATION.match(line)
        if _DESTRUCTURING.match(line) or (line.startswith("export") and not match):
            raise ValueError(
                f"{path.name} の {number} 行の宣言は、まとめ方が分かりません: {line}"
            )
        if match:
            names.append(match[1])
        kept.append(line.removeprefix("export "))
    return names, "\n".join(kept) + "\n"


def _without_comments(text: str) -> list[str]:
    """行の頭から行の終わりまでの注釈を、空の行に替えます。行の番号は変わりません。"""
    lines, inside = [], False
    for line in text.splitlines():
        bare = line.strip()
        if inside and "*/" in bare and not bare.endswith("*/"):
            raise ValueError(f"注釈の終わりと同じ行に、続きがあります: {line}")
        opens = bare.startswith("/*") and ("*/" not in bare or bare.endswith("*/"))
        lines.append("" if inside or opens or bare.startswith("//") else line)
        inside = (inside or opens) and "*/" not in bare
    return lines


def _read(path: Path) -> str:
    if not path.is_file():
        raise ValueError(f"モジュール {path.name} が {path.parent} にありません。")
    return path.read_text(encoding="utf-8")
