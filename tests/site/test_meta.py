"""検索サイトと SNS が読む印、アイコン、カード。"""

import re

import pytest
from PIL import Image

from rnnbook.book import card, meta


def meta_tags(text: str) -> dict[str, str]:
    pairs = re.findall(r'<meta (?:name|property)="([^"]+)" content="([^"]*)"', text)
    return dict(pairs)


def test_every_page_describes_itself_for_links(site_dir, chapters):
    for name in chapters:
        tags = meta_tags((site_dir / name).read_text(encoding="utf-8"))
        assert 20 <= len(tags["description"]) <= 130, name
        assert tags["og:description"] == tags["description"], name
        assert tags["og:title"] and tags["og:site_name"], name
        assert tags["twitter:card"] == "summary_large_image", name


def test_the_description_is_the_first_paragraph_of_the_chapter(sample_dir):
    text = (sample_dir / "chapters" / "sample.html").read_text(encoding="utf-8")
    assert (
        meta_tags(text)["description"]
        == "説明の段落です。二十字より長く書いてあります。"
    )


def test_the_card_and_the_icons_are_pictures_of_the_promised_size(site_dir):
    assert Image.open(site_dir / "_static" / card.CARD).size == (1200, 630)
    assert Image.open(site_dir / "_static" / card.ICON).size == (180, 180)
    assert (site_dir / "_static" / card.CARD).stat().st_size < 200_000
    assert "<svg" in (site_dir / "_static" / "favicon.svg").read_text(encoding="utf-8")


def test_the_card_is_drawn_again_only_when_the_title_changes(tmp_path):
    card.draw_all(tmp_path, "題")
    first = (tmp_path / card.CARD).stat().st_mtime_ns
    card.draw_all(tmp_path, "題")
    assert (tmp_path / card.CARD).stat().st_mtime_ns == first
    card.draw_all(tmp_path, "別の題")
    assert Image.open(tmp_path / card.CARD).info["Title"] == "別の題"


@pytest.mark.parametrize(
    ("baseurl", "repository", "address"),
    [
        (
            "",
            "https://github.com/Owner/rnn-textbook",
            "https://owner.github.io/rnn-textbook/",
        ),
        ("", "https://github.com/owner/owner.github.io", "https://owner.github.io/"),
        ("https://example.jp/rnn", "https://github.com/a/b", "https://example.jp/rnn/"),
        ("", "https://github.com/YOUR-ACCOUNT/rnn-textbook", None),
        ("", "https://gitlab.com/a/b", None),
        ("", "", None),
    ],
)
def test_the_address_of_the_site_follows_from_the_configuration(
    baseurl, repository, address
):
    assert meta.site_address(baseurl, repository) == address
