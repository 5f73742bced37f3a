"""GPU でだけ起こる誤り。"""

from __future__ import annotations

import torch
from torch import nn

from rnnbook.training.checks.finding import Finding
from rnnbook.training.checks.running import runs_through


def cudnn_in_eval(mended: bool) -> Finding:
    """評価のモデルの、入力についての勾配を、GPU で取ります。"""
    gru = nn.GRU(1, 4, batch_first=True).cuda().eval()
    x = torch.randn(2, 5, 1, device="cuda", requires_grad=True)

    def gradient():
        with torch.backends.cudnn.flags(enabled=not mended):
            gru(x)[0].sum().backward()

    return runs_through(gradient)
