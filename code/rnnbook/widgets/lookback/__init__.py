from rnnbook.widgets.lookback.lookback import Lookback

__all__ = ["Lookback"]
