"""make が画面に出すものと、記録に残すもの。"""

import sys

from rnnbook.workshop import steps

NOISY = "print('細かい記録'); import sys; print('警告', file=sys.stderr)"


def test_a_step_that_works_is_one_line_and_its_output_lies_in_the_log(tmp_path, capsys):
    command = [sys.executable, "-X", "utf8", "-c", NOISY]
    assert steps.run("数える", command, "count", root=tmp_path)
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 1
    assert lines[0].startswith("  数える … 済み (")
    log = (tmp_path / "_build/log/count.log").read_text(encoding="utf-8")
    assert sorted(log.split()) == ["細かい記録", "警告"]


def test_a_step_that_fails_shows_the_end_of_its_log_and_where_it_lies(tmp_path, capsys):
    program = "for n in range(900): print('行', n)\nraise SystemExit(3)"
    command = [sys.executable, "-X", "utf8", "-c", program]
    assert not steps.run("数える", command, "count", root=tmp_path)
    shown = capsys.readouterr().out
    assert "失敗" in shown
    assert "行 899" in shown
    assert "行 800" not in shown
    assert str(tmp_path / "_build" / "log" / "count.log") in shown


def test_every_failure_of_pytest_is_shown_in_full(tmp_path, capsys):
    test = tmp_path / "test_many.py"
    test.write_text(
        "import pytest\n@pytest.mark.parametrize('n', range(60))\n"
        "def test_n(n):\n    assert n < 0, f'number {n} is here'\n"
    )
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    assert not steps.run("試す", [*command, str(test)], "many", root=tmp_path)
    shown = capsys.readouterr().out
    assert "60 failed" in shown.splitlines()[0]
    assert all(f"AssertionError: number {n} is here" in shown for n in range(60))
