from rnnbook.widgets.detective.detective import Detective

__all__ = ["Detective"]
