"""日付を書き換える、学習済みのモデル（第 5 章の図）。判定を後に書く形で、実験 dates が学習しました。"""

from __future__ import annotations

from rnnbook import data
from rnnbook.models.eight_bits import unpack
from rnnbook.models.seq2seq import Seq2Seq
from rnnbook.tasks.dates import SOURCE, TARGET

H, E = 96, 24


def new_date_writer() -> Seq2Seq:
    """学習する前のモデル。後ろから読みます。"""
    return Seq2Seq(len(SOURCE), len(TARGET), H, E=E, reverse=True)


def load_date_writer() -> Seq2Seq:
    """公開している 8 ビットの重みを data/ から読みます。

    例:
        >>> from rnnbook.tasks import dates
        >>> x, lengths = dates.SOURCE.encode([dates.normalise("令和８年１１月２１日")])
        >>> import torch
        >>> y = load_date_writer().greedy(torch.tensor(x), dates.LONGEST_TARGET, lengths)
        >>> dates.TARGET.decode(y[0])
        '2026-11-21○'
    """
    model = new_date_writer()
    unpack(model, data.load("dates_weights"))
    model.eval()
    return model
