"""第 1 章の演習: 一時刻の計算、重みの数、時間で分ける窓、一時刻の逆伝播。"""

from rnnbook.exercises.ch01.backward import BACKWARD
from rnnbook.exercises.ch01.count import COUNT
from rnnbook.exercises.ch01.split import SPLIT
from rnnbook.exercises.ch01.step import STEP

EXERCISES = {
    "step": STEP,
    "count": COUNT,
    "split": SPLIT,
    "backward": BACKWARD,
}
