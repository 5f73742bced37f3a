"""試験のブラウザ探しと、足りない Debian のパッケージの述べ方。"""

import subprocess
import sys

import pytest

from rnnbook.workshop import browser, steps, system


def test_a_named_browser_that_cannot_run_is_an_error_in_one_sentence(
    tmp_path, monkeypatch
):
    monkeypatch.setenv("RNNBOOK_CHROMIUM", str(tmp_path / "none"))
    command = [sys.executable, "-m", "rnnbook.workshop.browser"]
    result = subprocess.run(command, capture_output=True, text=True)
    assert result.returncode == 1
    assert "RNNBOOK_CHROMIUM" in result.stderr
    assert "Traceback" not in result.stderr


@pytest.fixture
def bare(monkeypatch):
    """ブラウザも、Playwright の Node.js が使うライブラリもない計算機。動かしたコマンドを控えます。"""
    commands = []

    def run(title, command, log, *_):
        commands.append(command)
        return True

    monkeypatch.setattr(steps, "run", run)
    monkeypatch.delenv("RNNBOOK_CHROMIUM", raising=False)
    monkeypatch.setattr(browser, "driver_runs", lambda: False)
    monkeypatch.setattr(browser, "_installed", lambda: None)
    monkeypatch.setattr(system.shutil, "which", lambda name: f"/usr/bin/{name}")
    return commands


def test_a_person_who_may_not_install_is_told_every_package_in_one_sentence(
    bare, monkeypatch, capsys
):
    monkeypatch.setattr(system, "may_install", lambda: False)
    assert browser.main() == 1
    said = capsys.readouterr().err
    assert (
        "apt-get install libatomic1 chromium-headless-shell fonts-noto-cjk を実行"
        in said
    )
    assert said.count("。") == 1
    assert "Traceback" not in said
    assert bare == []


def test_the_administrator_gets_the_packages_installed(bare, monkeypatch):
    monkeypatch.setattr(system, "may_install", lambda: True)
    monkeypatch.setattr(system.os, "geteuid", lambda: 0)
    answers = iter([browser.lacking(), {}])
    monkeypatch.setattr(browser, "lacking", lambda: next(answers))
    monkeypatch.setattr(browser, "find", lambda: "/usr/bin/chromium-headless-shell")
    assert browser.ensure() == "/usr/bin/chromium-headless-shell"
    update, install = bare
    assert update[-1] == "update"
    assert install[-3:] == ["libatomic1", "chromium-headless-shell", "fonts-noto-cjk"]


def test_packages_that_do_not_help_are_not_installed_for_ever(
    bare, monkeypatch, capsys
):
    monkeypatch.setattr(system, "may_install", lambda: True)
    monkeypatch.setattr(system.os, "geteuid", lambda: 0)
    assert browser.main() == 1
    assert len(bare) == 2
    assert "RNNBOOK_CHROMIUM" in capsys.readouterr().err


def test_a_machine_without_apt_is_told_to_bring_a_browser(bare, monkeypatch, capsys):
    monkeypatch.setattr(system.shutil, "which", lambda name: None)
    assert browser.main() == 1
    assert "RNNBOOK_CHROMIUM" in capsys.readouterr().err
