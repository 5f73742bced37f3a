from rnnbook.widgets.held_memory.held_memory import HeldMemory

__all__ = ["HeldMemory"]
