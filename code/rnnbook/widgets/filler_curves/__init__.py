from rnnbook.widgets.filler_curves.filler_curves import FillerCurves

__all__ = ["FillerCurves"]
