"""読者が動かす図の土台。

図は一つのフォルダーで、同じ名前の Python ファイルと ES モジュールを一つずつ持ちます（unrolled.py と unrolled.js）。
その図だけの見た目があれば、同じ名前の CSS も持ちます（unrolled.css）。
同じものが、JupyterLab と Colab ではカーネルとつながって、組んだページではカーネルなしで動きます。
"""

from __future__ import annotations

import inspect
import re
from pathlib import Path

import anywidget
import traitlets

from rnnbook.widgets.kit.bundle import bundle, sheets
from rnnbook.widgets.kit.generated import colors_css, modules
from rnnbook.widgets.kit.properties import Property, Series

SHARED = {
    "figure.css": colors_css()
    + Path(__file__).with_suffix(".css").read_text(encoding="utf-8")
}


def _style(parts: dict[str, str]) -> str:
    """CSS のファイルを一つの文字列に。名前の行で、組んだページが元のファイルに分けます（widget_host.py）。"""
    return "".join(f"/* ---- {name} */\n{text}" for name, text in parts.items())


class Figure(anywidget.AnyWidget):
    """動く図すべての土台。図の引数は、kit/properties.py の型で、クラスに一行ずつ書きます。

    図は、見せている数を名前と値の辞書で返す numbers() を持ちます。ページの図が見せる数と 1e-5 まで同じです。

    引数:
        name: 住所の中での図の名前。省くと、図のファイルの名前です。一つのページに同じ図を
            二つ置くときに、名前を付けて見分けます。
        number: 章の中の番号（"図 1.2"）。説明文の頭に出て、本文から番号で呼べます。
        alt: 図を見ずに読む人のための、図の説明。JavaScript のないページにも出ます。
        _height: ページが図の場所を空けておく高さ px。広い画面と、狭い画面。

    誤った引数は ValueError です。
    """

    _css = _style(SHARED)
    # ipywidgets 7 の表示の道を閉じ、7 でも 8 でも _repr_mimebundle_ を通します。
    _ipython_display_ = None

    name = traitlets.Unicode().tag(sync=True)
    number = traitlets.Unicode("").tag(sync=True)
    alt = traitlets.Unicode("").tag(sync=True)
    _height = traitlets.List(traitlets.Int(), [480, 640]).tag(sync=True)
    # ページに渡す、引数の表と、Python での呼び名
    _properties = traitlets.List().tag(sync=True)
    _python = traitlets.Dict().tag(sync=True)
    # すべての値がそろい、ほかの値によって決まる範囲も確かめられる
    ready = False

    def __init_subclass__(cls, **kwargs: object) -> None:
        """クラスの Python ファイルと同じ名前の .js と、その見た目を、一つずつの文字列にまとめて持ちます。"""
        if not hasattr(cls, "_esm"):
            module = Path(inspect.getfile(cls)).with_suffix(".js")
            cls._esm = bundle(module, modules())
            cls._css = _style(SHARED | sheets(module) | SHARED)
        super().__init_subclass__(**kwargs)

    def __init__(self, **values: object) -> None:
        for name in values:
            if name not in self.trait_names():
                known = ", ".join(prop.name for prop in self.table())
                raise ValueError(
                    f"引数 {name} はありません。{type(self).__name__} の引数は {known} です。"
                )
        super().__init__(**values)
        self.ready = True
        for prop in self.table():
            prop.check(getattr(self, prop.name), self)
        self._properties = [prop.describe(self) for prop in self.table()]
        kind = type(self)
        self._python = {
            "module": kind.__module__.rpartition(".")[0] or kind.__module__,
            "name": kind.__name__,
        }
        self.on_msg(self._answer)

    @classmethod
    def table(cls) -> list[Property]:
        """引数の表。クラスに書いた順です。"""
        traits = cls.class_traits()
        written = (name for each in reversed(cls.__mro__) for name in vars(each))
        names = dict.fromkeys(name for name in written if name in traits)
        return [traits[name] for name in names if isinstance(traits[name], Property)]

    @traitlets.default("name")
    def _file_name(self) -> str:
        kind = type(self)
        # セルの中で定義した図には、ファイルがない
        return kind.__module__.rpartition(".")[2].strip("_") or kind.__name__

    @traitlets.validate("name")
    def _name_fits_an_address(self, proposal: traitlets.Bunch) -> str:
        name = proposal["value"]
        if not re.fullmatch(r"[A-Za-z][\w-]*", name, re.ASCII):
            raise ValueError(
                f"引数 name は、英字で始まる英数字と _ と - の名前です。{name!r} が渡されました。"
            )
        return name

    @traitlets.validate("number")
    def _number_of_a_chapter(self, proposal: traitlets.Bunch) -> str:
        number = proposal["value"]
        if number and not re.fullmatch(r"図 \d+\.\d+", number):
            raise ValueError(
                f"引数 number は「図 2.1」の形です。{number!r} が渡されました。"
            )
        return number

    def _answer(self, _widget: object, content: object, _buffers: object) -> None:
        """カーネルがいるか、と図に聞かれたら答えます（controls.js の whenKernelAnswers）。"""
        if content == {"kernel": "?"}:
            self.send({"kernel": "here"})

    def __repr__(self) -> str:
        """この図を作る一行。ページの「この条件をコードで」と同じです。"""
        shown = []
        for prop in self.table():
            value = getattr(self, prop.name)
            if prop.matters(self) and value != self.trait_defaults(prop.name):
                value = prop.short(value) if isinstance(prop, Series) else value
                shown.append(f"{prop.name}={value!r}")
        return f"{type(self).__name__}({', '.join(shown)})"
