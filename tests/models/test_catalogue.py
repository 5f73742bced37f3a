"""モデルの一覧は一つで、Python と JavaScript と CSS が同じものを読みます。"""

import json
import subprocess
import sys

import pytest

from rnnbook.models.catalogue import COLORS, LADDER, MODELS

# 一覧の一つの色を替えてから、三つの読み手を読み込む
READ = """
import json, sys
from rnnbook.models import catalogue
color = sys.argv[1]
catalogue.COLORS["gru"] = (color, color)
from rnnbook.figures.ladder import MODELS
from rnnbook.figures.style import COLORS, RC
from rnnbook.widgets.gradient_microscope import GradientMicroscope as G
print(json.dumps([COLORS["gru"], list(RC["axes.prop_cycle"].by_key()["color"]), G._css, G._esm]))
"""


def read(*arguments: str) -> str:
    command = [sys.executable, "-c", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def test_one_changed_color_is_seen_in_python_css_and_javascript():
    color, cycle, css, esm = json.loads(read(READ, "#123456"))
    assert color == "#123456"
    assert "#123456" in cycle
    assert "--rf-gru: light-dark(#123456, #123456);" in css
    # JavaScript は、色の名だけを知っている
    assert '"gru": {"label": "GRU", "color": "var(--rf-gru)"' in esm


def test_reading_the_list_of_models_does_not_load_torch():
    found = read(
        "import sys; import rnnbook.models.catalogue; print('torch' in sys.modules)"
    )
    assert found == "False\n"


@pytest.mark.parametrize("group", [LADDER, [k for k in MODELS if k not in LADDER]])
def test_no_two_models_of_a_figure_look_the_same(group):
    looks = [(m.color, m.dash, m.marker) for m in map(MODELS.get, group)]
    assert len(set(looks)) == len(looks)
    assert all(model.color in COLORS for model in MODELS.values())


def test_a_settings_entry_is_what_the_recurrent_model_takes():
    from rnnbook.models.recurrent import Recurrent

    for model in MODELS.values():
        longest = {"T_max": 9} if model.settings.get("forget_bias") == "chrono" else {}
        if model.settings:
            assert Recurrent(3, 2, D=1, **model.settings, **longest)
