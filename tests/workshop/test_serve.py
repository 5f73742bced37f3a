"""手元のサーバーと、試験のブラウザ探し。"""

import socket
import subprocess
import sys
import urllib.error
import urllib.request

import pytest

from rnnbook.workshop import browser, serve


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


def test_a_named_browser_that_cannot_run_is_an_error_in_one_sentence(
    tmp_path, monkeypatch
):
    monkeypatch.setenv("RNNBOOK_CHROMIUM", str(tmp_path / "none"))
    command = [sys.executable, "-m", "rnnbook.workshop.browser"]
    result = subprocess.run(command, capture_output=True, text=True)
    assert result.returncode == 1
    assert "RNNBOOK_CHROMIUM" in result.stderr
    assert "Traceback" not in result.stderr


def test_when_no_browser_can_be_had_the_error_says_what_to_do(monkeypatch, capsys):
    tried = []
    monkeypatch.delenv("RNNBOOK_CHROMIUM", raising=False)
    monkeypatch.setattr(browser, "find", lambda: None)
    monkeypatch.setattr(browser, "_try", tried.append)
    assert browser.main() == 1
    assert any("playwright" in command for command in tried)
    assert "RNNBOOK_CHROMIUM" in capsys.readouterr().err
