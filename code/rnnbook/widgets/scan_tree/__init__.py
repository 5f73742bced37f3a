from rnnbook.widgets.scan_tree.scan_tree import ScanTree

__all__ = ["ScanTree"]
