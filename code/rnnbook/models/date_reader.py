"""注意機構で日付を書き換える、学習済みのモデル（第 6 章の図）。実験 attention_dates が学習しました。"""

from __future__ import annotations

from rnnbook import data
from rnnbook.models.attention import AttentionSeq2Seq
from rnnbook.models.eight_bits import unpack
from rnnbook.tasks.dates import SOURCE, TARGET

H, E = 96, 24  # 第 5 章のモデルと同じ


def new_date_reader() -> AttentionSeq2Seq:
    """学習する前のモデル。前から読み、内積で見比べます。"""
    return AttentionSeq2Seq(len(SOURCE), len(TARGET), H, E=E)


def load_date_reader() -> AttentionSeq2Seq:
    """公開している 8 ビットの重みを data/ から読みます。

    例:
        >>> from rnnbook.tasks import dates
        >>> x, lengths = dates.SOURCE.encode([dates.normalise("令和８年１１月２１日")])
        >>> import torch
        >>> y = load_date_reader().greedy(torch.tensor(x), dates.LONGEST_TARGET, lengths)
        >>> dates.TARGET.decode(y[0])
        '2026-11-21○'
    """
    model = new_date_reader()
    unpack(model, data.load("attention_dates_weights"))
    model.eval()
    return model
