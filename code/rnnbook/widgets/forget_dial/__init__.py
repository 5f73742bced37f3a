from rnnbook.widgets.forget_dial.forget_dial import ForgetDial

__all__ = ["ForgetDial"]
