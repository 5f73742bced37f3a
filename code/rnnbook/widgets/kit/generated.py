"""Python にある一覧（モデル、式の記号）から作る、動く図の CSS と ES モジュール。"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path

from rnnbook.models.catalogue import COLORS, MODELS
from rnnbook.widgets.kit.bundle import bundle
from rnnbook.widgets.kit.formulas import symbols_js

WIDGETS = Path(__file__).resolve().parents[1]
TRAIN = WIDGETS / "nn" / "train"


def colors_css() -> str:
    """色の名を --rf-名 にした CSS。画面の明暗 (color-scheme) で色が替わります。

    例:
        >>> "--rf-rnn: light-dark(#0072B2, #3D9FD6);" in colors_css()
        True
    """
    lines = (
        f"--rf-{name}: light-dark({light}, {dark});"
        for name, (light, dark) in COLORS.items()
    )
    return f".rnnbook-figure {{ {' '.join(lines)} }}\n"


class _Made(Mapping[str, str]):
    """読まれたときに作るモジュール: 住所 → 中身。"""

    def __init__(self, makers: dict[str, Callable[[], str]]) -> None:
        self.makers = makers

    def __getitem__(self, name: str) -> str:
        return self.makers[name]()

    def __iter__(self) -> Iterator[str]:
        return iter(self.makers)

    def __len__(self) -> int:
        return len(self.makers)


def modules() -> Mapping[str, str]:
    """ファイルのないモジュール: 住所 → 中身。中身は、読まれたときに作ります。

    例:
        >>> sorted(modules())
        ['held_memory/pair_source.js', 'kit/models.js', 'kit/symbols.js', 'nn/engine_source.js', 'nn/wasm_bytes.js']
    """
    return _Made(
        {
            "held_memory/pair_source.js": _pair_js,
            "kit/models.js": _models_js,
            "kit/symbols.js": symbols_js,
            "nn/engine_source.js": _engine_js,
            "nn/wasm_bytes.js": _wasm_js,
        }
    )


@cache
def program(path: str) -> str:
    """widgets/ の中の path と、それが読むものを、一つの ES モジュールにした文字列。"""
    return bundle(WIDGETS / path, modules())


def _text_js(name: str, path: str) -> str:
    """プログラム path を、文字列 name として持つモジュール。図は、この文字列から読み込みます。"""
    return f"export const {name} = {json.dumps(program(path), ensure_ascii=False)};\n"


def _engine_js() -> str:
    """学習の係のプログラム。ワーカーは、この文字列から作ります。"""
    return _text_js("ENGINE", "nn/train/engine.js")


def _pair_js() -> str:
    """入口の図の学習のプログラム。"""
    return _text_js("PAIR", "held_memory/pair.js")


def _wasm_js() -> str:
    """学習の計算の核（WebAssembly）のバイト列を、16 進の文字列 WASM として持つモジュール。

    縮める（gzip）と、16 進のほうが、base64 より 1.7 KB 小さくなります。
    """
    text = (TRAIN / "kernels.wasm").read_bytes().hex()
    return f'export const WASM = "{text}";\n'


def _models_js() -> str:
    looks = {
        key: {
            "label": model.label,
            "color": f"var(--rf-{model.color})",
            "dash": " ".join(map(str, model.dash)),
            "shape": model.marker,
        }
        for key, model in MODELS.items()
    }
    return f"export const MODELS = {json.dumps(looks, ensure_ascii=False)};\n"
