"""手元のサーバー。"""

import socket
import urllib.error
import urllib.request

import pytest

from rnnbook.workshop import serve


def test_the_site_is_served_below_its_prefix_and_nowhere_else(tmp_path):
    (tmp_path / "a.mjs").write_text("export {}")
    with serve.running(tmp_path, prefix="/sub/book/") as url:
        assert url.endswith("/sub/book/")
        with urllib.request.urlopen(url + "a.mjs") as answer:
            assert answer.read() == b"export {}"
            assert answer.headers["Content-Type"] == "text/javascript"
        for path in ("/a.mjs", "/sub/book/none.js"):
            with pytest.raises(urllib.error.HTTPError, match="404"):
                urllib.request.urlopen(url.replace("/sub/book/", path))


def test_a_port_in_use_is_passed_over(tmp_path, monkeypatch, capsys):
    (tmp_path / "index.html").write_text("")
    monkeypatch.setattr(serve, "SITE", tmp_path)
    monkeypatch.setattr(serve.ThreadingHTTPServer, "serve_forever", lambda self: None)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert serve.main(["--port", str(port)]) == 0
    printed = capsys.readouterr().out
    assert f"番号 {port} は使われています" in printed
    address = printed.split("http://127.0.0.1:")[1].split("/")[0]
    assert int(address) != port


def test_without_a_site_the_command_that_builds_it_is_named(
    tmp_path, monkeypatch, capsys
):
    monkeypatch.setattr(serve, "SITE", tmp_path)
    assert serve.main([]) == 1
    assert "make book" in capsys.readouterr().out
