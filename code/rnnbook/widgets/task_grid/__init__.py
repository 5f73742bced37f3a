from rnnbook.widgets.task_grid.task_grid import TaskGrid

__all__ = ["TaskGrid"]
