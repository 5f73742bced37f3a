"""試験が共に使う備品: 組み上がったサイト、その住所、本物のブラウザ。"""

import os
from pathlib import Path

import pytest

from rnnbook.workshop import browser as chromium
from rnnbook.workshop import serve
from rnnbook.workshop.execute import chapters

ROOT = Path(__file__).resolve().parents[1]
# 終わらない計算を終わらせるためだけの上限 ms。混んだ計算機の遅さでは届きません。
LIMIT = 600_000


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config, items) -> None:
    """印 one_chapter の試験は、毎回は一つの章（一つの章だけの試験なら、その章）で行います。

    どの章でも同じ仕組みを確かめる試験です。ほかの章は、週に一度です。
    """
    chapter = config.getoption("--chapter", None) or chapters(ROOT)[0].stem
    for item in items:
        if item.get_closest_marker("one_chapter") and chapter not in item.name:
            item.add_marker(pytest.mark.weekly)


@pytest.fixture(scope="session")
def site_dir() -> Path:
    """組み上がったサイトのフォルダ。別の所に組んだものは RNNBOOK_SITE で示せます。"""
    site = Path(os.environ.get("RNNBOOK_SITE", ROOT / "_build" / "html"))
    if not (site / "index.html").exists():
        pytest.fail(
            f"{site} に組み上がったサイトがありません。先に make book を実行してください。"
        )
    return site


@pytest.fixture(scope="session")
def site_url(site_dir: Path):
    """途中の階層に置いたサイトの住所 (末尾は ``/``)。"""
    with serve.running(site_dir, prefix="/sub/book/") as url:
        yield url


@pytest.fixture(scope="session")
def browser():
    """画面のない本物のブラウザ (Playwright の Browser)。"""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        try:
            found = chromium.launch(playwright)
        except RuntimeError as error:
            pytest.fail(str(error))
        yield found
        found.close()


@pytest.fixture
def page(browser):
    """何も覚えていない新しい頁 (Playwright の Page)。"""
    context = browser.new_context(locale="ja-JP")
    yield context.new_page()
    context.close()


@pytest.fixture(scope="session")
def idle():
    """idle(page) は、描いたあとも計算を続ける図（随筆を読む図など）が、みな済むのを待ちます。"""
    done = "() => document.querySelector('.rf-body') && !document.querySelector('[aria-busy=true]')"
    return lambda page: page.wait_for_function(done, timeout=LIMIT)


@pytest.fixture(scope="session")
def drawn():
    """drawn(page) は、ページの図がみな描かれるのを待ち、そのページを返します。

    見えるまで描かれない図（学習したモデルを読むもの）は、見える所まで送ってから待ちます。随筆を読む図など、
    描くまでに計算をするものがあり、その時間は計算機の混み方で何倍にもなります。
    """

    def wait(page):
        page.wait_for_function(chromium.EVERY_FIGURE_DRAWN, timeout=LIMIT)
        return page

    return wait
