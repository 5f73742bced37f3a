"""Colab のバージョンで動かす章を選びます: 毎回は番の章と変わった章、``make test-colab`` ではすべて。"""

import pytest

from rnnbook.workshop.environment import ROOT
from rnnbook.workshop.turns import choose

collect_ignore = ["stub"]


def pytest_addoption(parser) -> None:
    parser.addoption(
        "--colab", help="名がこれで始まる章をすべて動かす（空ならどの章も）"
    )


def pytest_collection_modifyitems(config, items) -> None:
    """今回動かさない章の試験は、理由を添えて、行わなかったものに数えます。"""
    asked = config.getoption("--colab", None)
    each = [item for item in items if item.get_closest_marker("each_chapter")]
    left = choose(ROOT).left if asked is None and each else []
    for item in each:
        name = item.callspec.params["chapter"].stem
        if asked is not None and not name.startswith(asked):
            item.add_marker(
                pytest.mark.skip(f"{name} は CHAPTER に指した章ではありません。")
            )
        elif name in left:
            command = f"make test-colab CHAPTER={name[:2]}"
            item.add_marker(
                pytest.mark.skip(
                    f"{name} は今回の番ではありません（{command} で動きます）。"
                )
            )
