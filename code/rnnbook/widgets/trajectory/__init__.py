from rnnbook.widgets.trajectory.trajectory import Trajectory

__all__ = ["Trajectory"]
