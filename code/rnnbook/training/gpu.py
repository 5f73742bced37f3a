"""GPU で測る実験のための、名前と時計。CUDA がなければ、はじめに一つの文で止まります。"""

from __future__ import annotations

import time

import torch


def require_gpu() -> str:
    """CUDA の GPU の名と、PyTorch が使う CUDA のバージョン。

    エラー:
        RuntimeError: CUDA が使えないとき。
    """
    if not torch.cuda.is_available():
        raise RuntimeError(
            "この測定には CUDA の使える GPU が要ります。Colab では「ランタイムのタイプを変更」で"
            " GPU を選びます。GPU がなくても、保存済みの結果は読めます。"
        )
    return f"GPU {torch.cuda.get_device_name()} (CUDA {torch.version.cuda})"


def now() -> float:
    """GPU に渡した計算がすべて終わってからの、時計の秒。"""
    torch.cuda.synchronize()
    return time.perf_counter()
