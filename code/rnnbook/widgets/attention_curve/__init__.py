from rnnbook.widgets.attention_curve.attention_curve import AttentionCurve

__all__ = ["AttentionCurve"]
