from rnnbook.widgets.gradient_microscope.gradient_microscope import GradientMicroscope

__all__ = ["GradientMicroscope"]
