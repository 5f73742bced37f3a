"""本文から図を動かすリンク。

章の Markdown に、図の状態の住所へのリンクを書きます。題は、図の文に出るはずの言葉です。

    [$w_{hh}$ を 0.9 にして、時刻 11 を見る](#unrolled.w_hh=0.9&t=11 "h₁₁ = 0.181")

ここでは、この住所を節の住所として探さないように印を付けます。押されたときの働きは
widget_host.js、住所の読み方は widgets/kit/address.js にあります。
"""

from __future__ import annotations

import re

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform

STATE = re.compile(r"#[A-Za-z][\w-]*\.\w")


class FigureLinks(SphinxTransform):
    """図の状態へのリンクを、そのままページに書きます。"""

    default_priority = 800  # myst-parser が節を探す（879）より先

    def apply(self, **_: object) -> None:
        for link in self.document.findall(nodes.reference):
            if link.get("id_link") and STATE.match(link["refuri"]):
                del link["id_link"]
                link["classes"].append("rnnbook-drive")


def setup(app: Sphinx) -> None:
    """章の Markdown を読んだあとに働くように登録します。"""
    app.add_transform(FigureLinks)
