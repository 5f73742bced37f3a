from rnnbook.widgets.attributions.attributions import Attributions

__all__ = ["Attributions"]
