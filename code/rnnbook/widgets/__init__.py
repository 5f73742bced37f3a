"""読者が動かす図。一つの図が Python 一ファイルと ES モジュール一つ。"""

from rnnbook.widgets.unrolled import Unrolled

__all__ = ["Unrolled"]
