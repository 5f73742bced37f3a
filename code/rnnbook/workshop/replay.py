"""章を実行し直さずに nbval で比べる、pytest の差し込み。

本を組むときに、章は今のコードとデータで実行されています。``make test`` は、その結果
(ページに載るもの) を nbval のカーネルの代わりに返して、保存された出力と比べます。
比べ方は nbval のままで、ページと保存された出力の食い違いも、ここで分かります。
控えが古ければ比べません。手で呼ぶ ``pytest --nbval chapters/`` は、章を実行します。
``--executed=実行したもの.ipynb`` を添えると、控えの代わりに、それと比べます
(ほかのバージョンや、ほかの場所で動かしたものを確かめるため)。
"""

from collections import deque
from pathlib import Path

import nbformat
import pytest
from nbval.plugin import IPyNbFile

from rnnbook.workshop.environment import ROOT
from rnnbook.workshop.execute import reason_to_run, record_of


class Replay:
    """実行済みの章を一セルずつ返す、nbval のカーネルの代わり。"""

    def __init__(self, notebook: nbformat.NotebookNode):
        self.cells = deque(cell for cell in notebook.cells if cell.cell_type == "code")
        self.messages: deque[dict] = deque()

    def execute_cell_input(self, source: str, allow_stdin=None) -> str:
        cell = self.cells.popleft()
        assert cell.source == source
        for output in cell.outputs:
            self._say(output.output_type, output)
        self._say("status", {"execution_state": "idle"})
        return cell.id

    def _say(self, kind: str, content: dict) -> None:
        self.messages.append({"msg_type": kind, "content": content})

    def get_message(self, stream: str, timeout=None) -> dict:
        message = self.messages.popleft()
        return message | {"parent_header": {"msg_id": self.last}}

    def await_reply(self, message: str, timeout=None) -> None:
        self.last = message

    def await_idle(self, message: str, timeout=None) -> None:
        self.messages.clear()

    def is_alive(self) -> bool:
        return True

    def stop(self) -> None:
        self.cells.clear()


def _setup(self) -> None:
    """IPyNbFile.setup の代わり。カーネルを起こさずに、実行したものを開きます。"""
    given = self.config.getoption("executed")
    executed = Path(given) if given else _record(self.path)
    self.kernel = Replay(nbformat.read(executed, as_version=4))
    self.setup_sanitize_files()


def _record(path: Path) -> Path:
    """章 ``path`` を、本を組むときに実行したもの。"""
    root = path.parents[1]
    if not (root / "_config.yml").exists():  # 章の写しは、この本の実行と比べます
        root = ROOT
    chapter = root / "chapters" / path.name
    if reason := reason_to_run(root, chapter):
        pytest.fail(f"{chapter.name}: {reason}。先に make book を実行してください。")
    return record_of(root, chapter).with_suffix(".ipynb")


def pytest_addoption(parser) -> None:
    parser.addoption("--executed", help="控えの代わりに比べる、実行したノートブック")


def pytest_configure(config) -> None:
    IPyNbFile.setup = _setup
