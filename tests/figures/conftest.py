"""図の試験の備品: どの試験も本の様式で描き、描いた図を残しません。"""

import matplotlib

matplotlib.use("agg")
import matplotlib.pyplot as plt
import pytest

from rnnbook.figures.style import use_style


@pytest.fixture(autouse=True)
def styled():
    """この本の様式。試験のあとで元に戻します。"""
    with matplotlib.rc_context():
        use_style()
        yield
        plt.close("all")
