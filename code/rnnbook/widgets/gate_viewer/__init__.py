from rnnbook.widgets.gate_viewer.gate_viewer import GateViewer

__all__ = ["GateViewer"]
