"""組み上がったサイトを、この計算機だけに見せる小さな Web サーバー。

ファイルを直接開く (``file://``) と、ブラウザは JavaScript のモジュールを読み込みません。
そこで ``make serve`` がこのサーバーを立てます。試験も同じサーバーを使い、
GitHub Pages のように途中の階層 (``/sub/book/``) に置いても動くことを確かめます。
"""

import argparse
import contextlib
import functools
import threading
from collections.abc import Iterator
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

from rnnbook.workshop.environment import ROOT

SITE = ROOT / "_build" / "html"


class _Handler(SimpleHTTPRequestHandler):
    """``prefix`` の下にだけサイトを置き、記録を画面に流さないハンドラ。"""

    # OS の設定に左右されると、モジュールが text/plain で届き、ブラウザが拒みます。
    extensions_map = SimpleHTTPRequestHandler.extensions_map | {
        ".js": "text/javascript",
        ".mjs": "text/javascript",
        ".css": "text/css",
        ".json": "application/json",
        ".svg": "image/svg+xml",
        ".wasm": "application/wasm",
        ".woff2": "font/woff2",
    }

    def __init__(self, *args, prefix: str, **kwargs):
        self.prefix = prefix
        super().__init__(*args, **kwargs)

    def send_head(self):
        if not urlsplit(self.path).path.startswith(self.prefix):
            self.send_error(HTTPStatus.NOT_FOUND)
            return None
        return super().send_head()

    def translate_path(self, path: str) -> str:
        return super().translate_path("/" + path[len(self.prefix) :])

    def end_headers(self):
        self.send_header(
            "Cache-Control", "no-cache"
        )  # 組み直したページがすぐ見えるように
        super().end_headers()

    def log_message(self, *args):
        pass


def start(directory: Path, port: int = 0, prefix: str = "/") -> ThreadingHTTPServer:
    """``directory`` を見せるサーバーを作ります。``port=0`` なら空いている番号を選びます。"""
    handler = functools.partial(_Handler, directory=str(directory), prefix=prefix)
    return ThreadingHTTPServer(("127.0.0.1", port), handler)


@contextlib.contextmanager
def running(directory: Path, prefix: str = "/") -> Iterator[str]:
    """``with`` の間だけサーバーを動かし、その住所 (末尾は ``/``) を渡します。"""
    server = start(directory, prefix=prefix)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}{prefix}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        description="組み上がった本をこの計算機のブラウザで読みます。"
    )
    parser.add_argument(
        "--port", type=int, default=8000, help="番号 (使用中なら次の番号)"
    )
    port = parser.parse_args(argv).port
    if not (SITE / "index.html").exists():
        print("サイトがまだありません。先に make book を実行してください。")
        return 1
    for candidate in [*range(port, port + 20), 0]:
        try:
            server = start(SITE, candidate)
            break
        except OSError:
            print(f"番号 {candidate} は使われています。次を試します。")
    print(
        f"本を開く住所: http://127.0.0.1:{server.server_port}/  (終わるには Ctrl+C)",
        flush=True,
    )
    with contextlib.suppress(KeyboardInterrupt):
        server.serve_forever()
    server.server_close()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
