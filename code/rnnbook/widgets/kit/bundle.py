"""いくつかの ES モジュールを、一つの文字列にまとめます。

JupyterLab と Colab の anywidget は、図のモジュールを一つの文字列 `_esm` として受け取ります。
そこで、図のモジュールが `import { 名前 } from "../kit/x.js";` で読むものを、読まれる順に前へ並べ、
import の行と export の語と注釈を落とします（ページが三分の一ほど軽くなります）。
x.js の隣に x.css があれば、その見た目も、同じ順にまとめます。
分からない書き方と、描けない式は、黙って通さずエラーにします。
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from rnnbook.widgets.kit.formulas import require_formulas
from rnnbook.widgets.kit.javascript import Line, literals, read_lines

_IMPORT = re.compile(
    r'import \{ ([\w$]+(?:, [\w$]+)*) \} from "((?:\.\./)*(?:\./)?(?:[\w-]+/)*[\w-]+\.js)";'
)
_DECLARATION = re.compile(
    r"(?:export )?(?:async )?(?:function\*? ?|const |let |var |class )([\w$]+)"
)
_DESTRUCTURING = re.compile(r"(?:export )?(?:const|let|var) [\[{]")


@dataclass(frozen=True)
class _Module:
    """読んだモジュール: 読むもの、最上位の名前、export された名前、import を落とした本文。"""

    imports: list[tuple[list[str], Path]]
    names: list[str]
    exports: set[str]
    text: str


def bundle(root: Path, generated: Mapping[str, str] | None = None) -> str:
    """モジュール root と、それが読むものを、一つの ES モジュールの文字列にします。

    generated は、ファイルのないモジュールの、"kit/models.js" のような住所と中身です。

    ValueError: 分からない import や export、循環、読む先にない名前、名前の衝突、描けない式。
    """
    modules: dict[Path, _Module] = {}  # 読まれるものが先
    _visit(root.resolve(), modules, (), generated or {})

    owner: dict[str, Path] = {}
    texts = []
    for path, module in modules.items():
        for name in module.names:
            if name in owner:
                raise ValueError(
                    f"{path.name} と {owner[name].name} が、同じ名前 {name} を宣言しています。"
                )
            owner[name] = path
        texts.append(f"// ---- {path.name}\n{module.text}")
    return "\n".join(texts)


def sheets(root: Path) -> dict[str, str]:
    """bundle がまとめるモジュール root と、それが読むものの見た目: ファイルの名前 → 中身。読まれるものが先です。"""
    found: dict[Path, None] = {}

    def visit(path: Path) -> None:
        if path in found or not path.is_file():
            return
        for _, other in _IMPORT.findall(path.read_text(encoding="utf-8")):
            visit((path.parent / other).resolve())
        found[path] = None

    visit(root.resolve())
    styles = [path.with_suffix(".css") for path in found]
    return {path.name: path.read_text("utf-8") for path in styles if path.is_file()}


def _visit(
    path: Path,
    modules: dict[Path, _Module],
    above: tuple[Path, ...],
    generated: Mapping[str, str],
) -> None:
    """path が読むものを先に、path を後に、modules へ加えます。"""
    if path in above:
        raise ValueError(
            f"import が循環しています: {' → '.join(p.name for p in (*above, path))}"
        )
    if path in modules:
        return
    text = generated.get(f"{path.parent.name}/{path.name}")
    if text is None:
        if not path.is_file():
            raise ValueError(f"モジュール {path.name} が {path.parent} にありません。")
        text = path.read_text(encoding="utf-8")
        for words in literals(text, path.name):
            require_formulas(words, f"{path.name} ")
    module = _parse(path, read_lines(text, path.name), is_root=not above)
    for names, other in module.imports:
        _visit(other, modules, (*above, path), generated)
        missing = set(names) - modules[other].exports
        if missing:
            raise ValueError(
                f"{path.name} が読む {', '.join(sorted(missing))} は、{other.name} が export していません。"
            )
    modules[path] = module


def _parse(path: Path, lines: list[Line], is_root: bool) -> _Module:
    imports, names, exports, kept = [], [], set(), []
    for number, line in enumerate(lines, start=1):
        match = _DECLARATION.match(line.bare)
        if re.match(r"import\b", line.bare):
            found = _IMPORT.fullmatch(line.code)
            if not found:
                raise ValueError(
                    f'{path.name} の {number} 行の import は、一行の import {{ 名前 }} from "./x.js"; の形にしてください: {line.code}'
                )
            imports.append((found[1].split(", "), (path.parent / found[2]).resolve()))
        elif line.bare.startswith("export default ") and is_root:
            kept.append(line.code)
        elif _DESTRUCTURING.match(line.bare) or (
            line.bare.startswith("export") and not match
        ):
            raise ValueError(
                f"{path.name} の {number} 行の宣言は、まとめ方が分かりません: {line.code}"
            )
        elif line.bare or line.inside:
            if match:
                names.append(match[1])
                if line.bare.startswith("export "):
                    exports.add(match[1])
            exported = line.bare.startswith("export ")
            kept.append(line.code.removeprefix("export ") if exported else line.code)
    return _Module(imports, names, exports, "\n".join(kept) + "\n")
