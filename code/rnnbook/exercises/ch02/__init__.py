"""第 2 章の演習: 一時刻のヤコビ行列、ノルムによるクリッピング、必ず消えるかの判定。"""

from rnnbook.exercises.ch02.clip import CLIP
from rnnbook.exercises.ch02.jacobian import JACOBIAN
from rnnbook.exercises.ch02.vanish import VANISH

EXERCISES = {"jacobian": JACOBIAN, "clip": CLIP, "vanish": VANISH}
