"""本文から図を動かすリンク。

章の Markdown に、図の状態の住所へのリンクを書きます。題は、図の文に出るはずの言葉です。

    [$w_{hh}$ を 0.9 にして、時刻 11 を見る](#unrolled.w_hh=0.9&t=11 "h₁₁ = 0.181")

ほかのページの図へは、ページの名から書きます（入口のページが使います）。

    [$w_{hh}$ を 1.5 にした展開図](01_rnn_basics.ipynb#unrolled.w_hh=1.5)

ここでは、この住所を節の住所として探さないように印を付けます。押されたときの働きは
widget_host.js、住所の読み方は widgets/kit/address.js にあります。
"""

from __future__ import annotations

import re

from docutils import nodes
from sphinx import addnodes
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
        for link in list(self.document.findall(addnodes.pending_xref)):
            if STATE.match(f"#{link.get('reftargetid') or ''}"):
                link.replace_self(self._to_page(link))

    def _to_page(self, link: addnodes.pending_xref) -> nodes.reference:
        """ほかのページの図の状態へのリンク。"""
        env = self.document.settings.env
        page = env.app.builder.get_relative_uri(env.docname, link["reftarget"])
        target = f"{page}#{link['reftargetid']}"
        return nodes.reference("", "", *link.children, internal=True, refuri=target)


def setup(app: Sphinx) -> None:
    """章の Markdown を読んだあとに働くように登録します。"""
    app.add_transform(FigureLinks)
