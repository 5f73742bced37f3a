from rnnbook.widgets.split_leak.split_leak import SplitLeak

__all__ = ["SplitLeak"]
