"""開かれたファイルと一覧されたフォルダの名を、記録に一つずつ書き足します。

Python は起動のときに ``sitecustomize`` を読みます。``watch.watched`` がこのフォルダを
``PYTHONPATH`` の先頭に置くので、章のカーネルでも、章が起こした Python でも、何より先にここが動きます。
フォークした子（データを読むワーカーなど）は、掛けたフックをそのまま引き継ぎます。
本のほかの部分を読み込むと、それ自体が「使われたファイル」になるので、標準ライブラリだけを使います。
"""

import os
import sys

LOG = "RNNBOOK_WATCH"  # 記録の場所を渡す環境変数


def install(log: str) -> None:
    """これより後に使われるファイルを log に書き足す監査フック (sys.addaudithook) を掛けます。"""
    # 一つの記録に、いくつものプロセスが書き足します。
    record = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    noted = set()

    def note(kind: str, path: object) -> None:
        if not isinstance(path, (str, bytes, os.PathLike)):
            return  # 開いてあるファイルの番号など
        line = f"{kind}{os.path.abspath(os.fsdecode(path))}"
        if line not in noted:
            noted.add(line)
            os.write(record, line.encode("utf-8", "surrogateescape") + b"\0")

    def hook(event: str, arguments: tuple) -> None:
        if event == "open":
            path, _, flags = arguments
            if flags is None or not flags & (os.O_WRONLY | os.O_RDWR):
                note("F", path)
        elif event in ("os.listdir", "os.scandir"):
            note("D", arguments[0])
        elif event == "sqlite3.connect":  # SQLite は C の中でファイルを開きます
            if os.path.isfile(arguments[0]):  # ":memory:" などはファイルではありません
                note("F", arguments[0])
        elif event == "subprocess.Popen":
            # Python でないプログラムが開くものは見えないので、引数に名のあるファイルを控えます。
            program, words, folder, _ = arguments
            words = [words] if isinstance(words, (str, bytes)) else words
            for word in (program, *words):
                if isinstance(word, (str, bytes, os.PathLike)):
                    name = os.path.join(folder or "", os.fsdecode(word))
                    if os.path.isfile(name):
                        note("F", name)

    sys.addaudithook(hook)


if LOG in os.environ:
    install(os.environ[LOG])
