"""組まれたページに、古いものも途中のものも残らないこと。"""

import os


def test_a_change_reaches_the_pages_it_touches_and_nothing_else_runs(built):
    page = built.root / "_build/html/chapters"
    assert "12345" in built.page("01_number")

    # コードの数を変えると、その章だけが実行され、ページの数が変わる。
    built.write("code/rnnbook/number.py", "NUMBER = 98765\n")
    result = built.run("build")
    assert "2 章のうち 1 章" in result.stdout
    assert "98765" in built.page("01_number")
    assert "12345" not in built.page("01_number")

    # 題だけを変えると、何も実行されず、隣の章の案内も新しくなる。
    cells = ("from rnnbook.number import NUMBER", "print(NUMBER)")
    built.chapter("01_number", "# 新しい題", *cells)
    result = built.run("build")
    assert "変わっていません" in result.stdout
    assert "新しい題" in built.page("01_number")
    assert "新しい題" in built.page("02_table")

    # 見た目を変えると、すべてのページが新しく書かれ、古いファイルは残らない。
    (page / "old.html").write_text("古い")
    built.write("code/rnnbook/book/look.css", "a { color: red }\n")
    assert built.run("build").returncode == 0
    assert not (page / "old.html").exists()


def test_a_page_older_than_its_neighbour_on_disk_is_still_rewritten(built):
    path = built.write("chapters/index.md", "# 書き換えた題\n")
    os.utime(path, (0, 0))  # 古い日付を持つ新しい中身 (git や rsync が作ることがある)
    assert built.run("build").returncode == 0
    assert "書き換えた題" in built.page("index")


def test_a_warning_fails_every_time_until_it_is_mended(built):
    built.write("chapters/index.md", "# 本\n\n[ない頁](nowhere.md)\n")
    for _ in range(2):
        result = built.run("build")
        assert result.returncode == 1
        assert "nowhere.md" in result.stdout
    built.write("chapters/index.md", "# 本\n")
    assert built.run("build").returncode == 0


def test_a_failing_chapter_leaves_the_last_good_site_and_a_later_build_is_right(built):
    built.write("code/rnnbook/number.py", "NUMBER = undefined\n")
    result = built.run("build")
    assert result.returncode == 1
    assert "01_number.ipynb のコードセル [1]" in result.stderr
    assert "12345" in built.page("01_number")
    built.write("code/rnnbook/number.py", "NUMBER = 24680\n")
    assert built.run("build").returncode == 0
    assert "24680" in built.page("01_number")
