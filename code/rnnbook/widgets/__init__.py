"""読者が動かす図。一つの図が Python 一ファイルと ES モジュール一つ。"""

from rnnbook.widgets.forget_dial import ForgetDial
from rnnbook.widgets.gate_viewer import GateViewer
from rnnbook.widgets.gradient_microscope import GradientMicroscope
from rnnbook.widgets.length_accuracy import LengthAccuracy
from rnnbook.widgets.lookback import Lookback
from rnnbook.widgets.quiz import Choice, Question, Quiz
from rnnbook.widgets.unrolled import Unrolled

__all__ = [
    "Choice",
    "ForgetDial",
    "GateViewer",
    "GradientMicroscope",
    "LengthAccuracy",
    "Lookback",
    "Question",
    "Quiz",
    "Unrolled",
]
