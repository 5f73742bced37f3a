"""Colab のバージョンで動かす章を選び (毎回は番の章と変わった章、``make test-colab`` ではすべて)、動かします。"""

import importlib.util
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from rnnbook.workshop.environment import ROOT, kernel_environment
from rnnbook.workshop.turns import choose

collect_ignore = ["stub"]
HERE = Path(__file__).resolve().parent
_spec = importlib.util.spec_from_file_location(
    "colab_environment", HERE / "environment.py"
)
environment = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(environment)
NOWHERE = "http://127.0.0.1:9"


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


@pytest.fixture(scope="session")
def alone():
    """alone(章, 空のフォルダ, …) は、章を一つだけで動かした結果です (``run_alone``)。"""
    if not environment.is_ready():
        pytest.fail(
            "Colab の環境がありません。python tests/colab/environment.py を実行してください。"
        )
    return run_alone


def run_alone(
    chapter: Path,
    folder: Path,
    url: str | None = None,
    wheels: bool = True,
    base: Path = environment.FOLDER,
    colab: bool = True,
) -> dict:
    """章を空のフォルダに写し、``base`` のライブラリの見える使い捨ての環境で動かします。

    ``colab`` が偽なら、google.colab の代役も置きません (読者の手元の計算機の代わり)。
    """
    python = environment.overlay(folder / "environment", base)
    content = folder / "content"
    content.mkdir()
    shutil.copy(chapter, content)
    keep = {
        k: v
        for k, v in os.environ.items()
        if k in ("PATH", "TMPDIR", "LANG", "SYSTEMROOT")
    }
    conditions = kernel_environment()
    conditions = {k: conditions[k] for k in ("OMP_NUM_THREADS", "TF_CPP_MIN_LOG_LEVEL")}
    keep |= conditions | {
        "HOME": str(folder),
        "PYTHONPATH": str(HERE / "stub") if colab else "",
        "PIP_CONFIG_FILE": os.devnull,
        "PIP_NO_INDEX": "1",
        "http_proxy": NOWHERE,
        "https_proxy": NOWHERE,
        "MPLCONFIGDIR": kernel_environment()["MPLCONFIGDIR"] + f"-{base.name}",
    }
    if wheels:
        keep["PIP_FIND_LINKS"] = str(environment.WHEELS)
    if url is not None:
        keep["RNNBOOK_REPOSITORY"] = url
    command = [str(python), str(HERE / "run_alone.py"), str(content / chapter.name)]
    if _can_isolate():
        command = ["unshare", "-rn", *command, "--isolated"]
    done = subprocess.run(
        command, env=keep, cwd=content, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def _can_isolate() -> bool:
    """外のないネットワークを作れるか (Linux で、許されていれば)。"""
    if sys.platform != "linux" or shutil.which("unshare") is None:
        return False
    return (
        subprocess.run(["unshare", "-rn", "true"], capture_output=True).returncode == 0
    )
