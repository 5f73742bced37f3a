from rnnbook.widgets.prediction.answer import Answer
from rnnbook.widgets.prediction.prediction import Prediction

__all__ = ["Answer", "Prediction"]
