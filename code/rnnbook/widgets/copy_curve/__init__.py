from rnnbook.widgets.copy_curve.copy_curve import CopyCurve

__all__ = ["CopyCurve"]
