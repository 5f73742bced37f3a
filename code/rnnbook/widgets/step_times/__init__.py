from rnnbook.widgets.step_times.step_times import StepTimes

__all__ = ["StepTimes"]
