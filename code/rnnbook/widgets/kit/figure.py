"""読者が動かす図の土台。

図は一つのフォルダーで、同じ名前の Python ファイルと ES モジュールを一つずつ持ちます（unrolled.py と unrolled.js）。
同じものが、JupyterLab と Colab ではカーネルとつながって、組んだページではカーネルなしで動きます。
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from pathlib import Path

import anywidget
import traitlets

from rnnbook.widgets.kit.bundle import bundle
from rnnbook.widgets.kit.generated import colors_css, modules

KIT = Path(__file__).parent


class Checked(traitlets.TraitType):
    """値を rnnbook.arguments の検査に通す、図の引数。誤りは日本語の ValueError です。

    check(name, value) は、正しい値を返すか ValueError を上げます。
    """

    def __init__(self, default: object, check: Callable[[str, object], object]):
        super().__init__(default_value=default)
        self._check = check
        self.tag(sync=True)

    def validate(self, obj: object, value: object) -> object:
        return self._check(self.name, value)


class Figure(anywidget.AnyWidget):
    """動く図すべての土台。

    引数:
        alt: 図を見ずに読む人のための、図の説明。JavaScript のないページにも出ます。
        _height: ページが図の場所を空けておく高さ px。広い画面と、狭い画面。
    """

    _css = colors_css() + (KIT / "figure.css").read_text(encoding="utf-8")
    # ipywidgets 7 の表示の道を閉じ、7 でも 8 でも _repr_mimebundle_ を通します。
    _ipython_display_ = None

    alt = traitlets.Unicode("").tag(sync=True)
    _height = traitlets.List(traitlets.Int(), [480, 640]).tag(sync=True)
    # __repr__ に出す引数の名前
    _shown: tuple[str, ...] = ()

    def __init_subclass__(cls, **kwargs: object) -> None:
        """クラスの Python ファイルと同じ名前の .js を、一つの文字列にまとめて持ちます。"""
        if not hasattr(cls, "_esm"):
            module = Path(inspect.getfile(cls)).with_suffix(".js")
            cls._esm = bundle(module, modules())
        super().__init_subclass__(**kwargs)

    def __init__(self, **values: object) -> None:
        super().__init__(**values)
        self.on_msg(self._answer)

    def _answer(self, _widget: object, content: object, _buffers: object) -> None:
        """カーネルがいるか、と図に聞かれたら答えます（controls.js の whenKernelAnswers）。"""
        if content == {"kernel": "?"}:
            self.send({"kernel": "here"})

    def __repr__(self) -> str:
        shown = ", ".join(f"{name}={getattr(self, name)!r}" for name in self._shown)
        return f"{type(self).__name__}({shown})"
