from rnnbook.widgets.alarms.alarms import Alarms

__all__ = ["Alarms"]
