"""「ノートブックを保存」で渡すノートブックは、それだけで、通信なしで動き、章に保存された出力と同じものを出すこと。

空のフォルダーに一つだけ置き、この本のパッケージもリポジトリも見えない所で動かします。
"""

import importlib.util
import json
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from rnnbook.workshop.environment import ROOT
from rnnbook.workshop.execute import chapters
from rnnbook.workshop.run_chapter import join_streams, last_line

_spec = importlib.util.spec_from_file_location(
    "colab_environment", Path(__file__).with_name("environment.py")
)
environment = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(environment)

BASES = {"Colab のバージョン": environment.FOLDER, "Colab の Python": environment.OWN}
WATCH = """
import os, sys
import rnnbook
here = os.path.dirname(rnnbook.__file__)
loaded = [m.__file__ for n, m in sys.modules.items() if n.startswith("rnnbook.")]
print("外:", [file for file in loaded if file and not file.startswith(here)])
print(os.path.relpath(here).split("-")[:2], len(loaded) > 3)
"""


def differences(folder: Path, saved: Path) -> str:
    """動かし終えたノートブックと、``saved`` に保存された出力の食い違い。なければ空です。

    なくてもよいライブラリ (Colab にない ASE) があるかを試すセルの出力と、ライブラリのバージョンごとの
    警告 (標準エラー) は、比べません。
    """
    executed = folder / "content" / "executed.ipynb"
    notebook = nbformat.read(executed, as_version=4)
    notebook.cells.pop()  # WATCH
    before = nbformat.read(saved, as_version=4)
    for cell, old in zip(notebook.cells, before.cells, strict=True):
        if cell.cell_type != "code":
            continue
        outputs = [o for o in cell.outputs if o.get("name") != "stderr"]
        cell.outputs = join_streams([last_line(output) for output in outputs])
        if "except ModuleNotFoundError" in cell.source:
            cell.outputs = old.outputs
    nbformat.write(notebook, executed)
    settings = ["-q", "-c", "pyproject.toml", "-p", "no:cacheprovider", "--nbval"]
    replay = ["-p", "rnnbook.workshop.replay", f"--executed={executed}"]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *settings, *replay, str(saved)],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    return done.stdout if done.returncode else ""


def watched(saved: Path, folder: Path) -> Path:
    """終わりに、この本をどこから読み込んだかを述べるセルを加えた写し。"""
    notebook = json.loads(saved.read_text(encoding="utf-8"))
    cell = nbformat.v4.new_code_cell(WATCH, id="watch")
    notebook["cells"].append(cell)
    path = folder / saved.name
    path.write_text(json.dumps(notebook), encoding="utf-8")
    return path


def run(alone, saved: Path, tmp_path: Path, **conditions) -> None:
    """``saved`` を一つだけで動かし、終わりまで動いて、保存された出力と同じことを確かめます。"""
    result = alone(watched(saved, tmp_path), tmp_path, **conditions)
    assert result["error"] is None, result["error"]["text"]
    assert result["printed"][-1] == "外: []\n['rnn', 'book'] True\n"
    assert differences(tmp_path, saved) == ""


@pytest.mark.each_chapter
@pytest.mark.parametrize("base", BASES)
@pytest.mark.parametrize(
    "chapter", [pytest.param(p, id=p.stem) for p in chapters(ROOT)]
)
def test_the_downloaded_notebook_runs_by_itself_and_gives_the_saved_outputs(
    alone, site_dir, chapter, base, tmp_path
):
    if not environment.is_ready(BASES[base]):
        pytest.skip(
            f"{BASES[base].name} がありません "
            "(python3.13 tests/colab/environment.py --own で用意できます)。"
        )
    run(alone, site_dir / "notebooks" / chapter.name, tmp_path, base=BASES[base])


def test_the_smallest_notebook_with_data_runs_on_a_readers_own_machine(
    alone, site_dir, tmp_path
):
    saved = min(
        (site_dir / "notebooks" / path.name for path in chapters(ROOT)[:-1]),
        key=lambda path: path.stat().st_size,
    )
    run(alone, saved, tmp_path, base=Path(sys.prefix), colab=False)


def test_without_the_font_package_the_notebook_says_what_to_install(
    alone, site_dir, tmp_path
):
    saved = site_dir / "notebooks" / chapters(ROOT)[0].name
    result = alone(saved, tmp_path, colab=False)
    assert result["error"]["name"] == "SystemExit"
    assert "%pip install japanize-matplotlib を" in result["error"]["value"]
