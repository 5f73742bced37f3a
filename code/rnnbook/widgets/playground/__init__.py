from rnnbook.widgets.playground.playground import Playground

__all__ = ["Playground"]
