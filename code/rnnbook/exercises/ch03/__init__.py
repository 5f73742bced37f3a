"""第 3 章の演習: LSTM の一時刻、重みの数、欲しい半減期の忘却バイアス、GRU の二つの流儀。"""

from rnnbook.exercises.ch03.count import COUNT
from rnnbook.exercises.ch03.forget_bias import FORGET_BIAS
from rnnbook.exercises.ch03.gru_step import GRU_STEP
from rnnbook.exercises.ch03.lstm_step import LSTM_STEP

EXERCISES = {
    "lstm_step": LSTM_STEP,
    "count": COUNT,
    "forget_bias": FORGET_BIAS,
    "gru_step": GRU_STEP,
}
