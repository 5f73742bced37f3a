"""章を初めて開くときの重さを、本物のブラウザが受け取る応答から測ります。

``python -m rnnbook.workshop.weight [サイトのフォルダ]`` で、章ごとの内訳を表にします。
重さは gzip で縮めたバイト数です。絵 (章の図の SVG、画像のファイル) は、別の列に分けます。
1 KB は 1000 バイトです。
"""

import gzip
import re
import sys
from pathlib import Path

from rnnbook.workshop import browser as chromium
from rnnbook.workshop import serve

LIMIT = 300_000  # 絵を除いた重さ
LIMIT_WITH_PICTURES = 450_000
# ブラウザが言う応答の種類 -> 表の列
KINDS = {"document": "HTML", "stylesheet": "CSS", "script": "JS", "font": "書体"}
OTHER, PICTURES = "他", "絵"
# ページの中に書かれた章の図 (rnnbook.book.pictures)
_DRAWN = re.compile(
    rb'(<figure class="[^"]*\bpicture\b[^>]*>)\s*<svg.*?</svg>', re.DOTALL
)


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

    >>> weigh([("a.css", "stylesheet", b""), ("a.png", "image", b"")])
    {'HTML': 0, 'CSS': 20, 'JS': 0, '書体': 0, '他': 0, '絵': 20}
    """
    total = dict.fromkeys([*KINDS.values(), OTHER, PICTURES], 0)
    for _, kind, body in found:
        size = _size(body)
        if kind == "image":
            total[PICTURES] += size
            continue
        rest = _size(_DRAWN.sub(rb"\1", body)) if kind == "document" else size
        total[KINDS.get(kind, OTHER)] += rest
        total[PICTURES] += size - rest
    return total


def _size(body: bytes) -> int:
    return len(gzip.compress(body, compresslevel=9))


def without_pictures(parts: dict[str, int]) -> int:
    """絵を除いた重さ。

    >>> without_pictures({"HTML": 100, "絵": 50})
    100
    """
    return sum(size for kind, size in parts.items() if kind != PICTURES)


def is_heavy(parts: dict[str, int]) -> bool:
    """上限を超えるか。"""
    all_parts = sum(parts.values())
    return without_pictures(parts) > LIMIT or all_parts > LIMIT_WITH_PICTURES


def measure(site: Path, browser) -> dict[str, dict[str, int]]:
    """章のページごとに :func:`weigh` の結果を返します。"""
    with serve.running(site, prefix="/sub/book/") as url:
        return {
            page: weigh(responses(browser, url + page)) for page in chapter_pages(site)
        }


def report(weights: dict[str, dict[str, int]]) -> str:
    """章ごとの内訳を、表の形の文にします。"""
    columns = [*KINDS.values(), OTHER, PICTURES]
    lines = [
        "ページの重さ (gzip、KB)",
        f"{'絵を除く':>5}{'すべて':>6}" + "".join(f"{c:>8}" for c in columns),
    ]
    for page, parts in weights.items():
        sizes = [without_pictures(parts), sum(parts.values())]
        numbers = "".join(
            f"{size / 1000:9.1f}" for size in [*sizes, *(parts[c] for c in columns)]
        )
        limits = f"{LIMIT // 1000} KB、絵を含めて {LIMIT_WITH_PICTURES // 1000} KB"
        mark = f"  上限 {limits} を超えました" if is_heavy(parts) else ""
        lines.append(f"{numbers}  {page}{mark}")
    return "\n".join(lines)


def main(arguments: list[str]) -> int:
    from playwright.sync_api import sync_playwright

    site = Path(arguments[0]) if arguments else serve.SITE
    with sync_playwright() as playwright:
        browser = chromium.launch(playwright)
        weights = measure(site, browser)
        browser.close()
    print(report(weights))
    return int(any(is_heavy(parts) for parts in weights.values()))


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
