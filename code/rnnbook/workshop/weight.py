"""章を初めて開くときの重さを、本物のブラウザが受け取る応答から測ります。

``python -m rnnbook.workshop.weight [サイトのフォルダ]`` で、章ごとの内訳を表にします。
重さは gzip で縮めたバイト数で、絵 (PNG、SVG) は数えません。1 KB は 1000 バイトです。
"""

import gzip
import sys
from pathlib import Path

from rnnbook.workshop import browser as chromium
from rnnbook.workshop import serve

LIMIT = 300_000
DEFAULT = Path("_build/html")
# ブラウザが言う応答の種類 -> 表の列
KINDS = {"document": "HTML", "stylesheet": "CSS", "script": "JS", "font": "書体"}
OTHER = "他"


def chapter_pages(site: Path) -> list[str]:
    """サイトにある章と付録のページを、サイトからの相対の住所で並べます。"""
    pages = sorted(
        path.relative_to(site).as_posix() for path in site.glob("chapters/*.html")
    )
    if not pages:
        raise FileNotFoundError(
            f"{site}/chapters にページがありません。先に make book を実行してください。"
        )
    return pages


def responses(browser, url: str) -> list[tuple[str, str, bytes]]:
    """ページを何も覚えていないブラウザで開き、(住所, 種類, 中身) を並べます。"""
    context = browser.new_context(locale="ja-JP")
    page = context.new_page()
    received = []
    page.on("response", lambda answer: received.append(answer))
    page.goto(url, wait_until="networkidle")
    found = [
        (answer.url, answer.request.resource_type, answer.body())
        for answer in received
        if answer.ok and not answer.url.startswith("data:")
    ]
    context.close()
    return found


def weigh(found: list[tuple[str, str, bytes]]) -> dict[str, int]:
    """応答を種類ごとに足します。単位は gzip で縮めたバイト。

    >>> weigh([("a.css", "stylesheet", b""), ("a.png", "image", b"0" * 9999)])["CSS"]
    20
    """
    total = dict.fromkeys([*KINDS.values(), OTHER], 0)
    for _, kind, body in found:
        if kind != "image":
            total[KINDS.get(kind, OTHER)] += len(gzip.compress(body, compresslevel=9))
    return total


def measure(site: Path, browser) -> dict[str, dict[str, int]]:
    """章のページごとに :func:`weigh` の結果を返します。"""
    with serve.running(site, prefix="/sub/book/") as url:
        return {
            page: weigh(responses(browser, url + page)) for page in chapter_pages(site)
        }


def report(weights: dict[str, dict[str, int]]) -> str:
    """章ごとの内訳を、表の形の文にします。"""
    columns = [*KINDS.values(), OTHER]
    lines = [
        "ページの重さ (gzip、KB、絵を除く)",
        f"{'計':>7}" + "".join(f"{c:>8}" for c in columns),
    ]
    for page, parts in weights.items():
        total = sum(parts.values())
        numbers = "".join(f"{parts[c] / 1000:8.1f}" for c in columns)
        mark = "" if total <= LIMIT else f"  上限 {LIMIT // 1000} KB を超えました"
        lines.append(f"{total / 1000:8.1f}{numbers}  {page}{mark}")
    return "\n".join(lines)


def main(arguments: list[str]) -> int:
    from playwright.sync_api import sync_playwright

    site = Path(arguments[0]) if arguments else DEFAULT
    with sync_playwright() as playwright:
        browser = chromium.launch(playwright)
        weights = measure(site, browser)
        browser.close()
    print(report(weights))
    return int(any(sum(parts.values()) > LIMIT for parts in weights.values()))


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
