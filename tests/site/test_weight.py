"""章を初めて開くとき、絵を除いて 300 KB (gzip) より多くを受け取らせません。"""

import gzip

import pytest

from rnnbook.workshop import weight


@pytest.fixture(scope="module")
def weights(site_dir, browser):
    return weight.measure(site_dir, browser)


def test_every_chapter_weighs_at_most_300_kb(weights):
    heavy = {
        page: parts for page, parts in weights.items() if sum(parts.values()) > 300_000
    }
    assert heavy == {}


def test_the_frame_of_a_page_leaves_room_for_mathematics_and_figures(weights):
    lightest = min(sum(parts.values()) for parts in weights.values())
    assert lightest < 170_000


def test_the_measure_sees_html_styles_and_scripts_of_every_page(weights, chapters):
    assert set(chapters) <= set(weights)
    for page, parts in weights.items():
        assert parts["HTML"] > 1000 and parts["CSS"] > 1000 and parts["JS"] > 1000, page


def test_the_measured_html_is_the_size_of_the_file_compressed(weights, site_dir):
    for page, parts in weights.items():
        size = len(gzip.compress((site_dir / page).read_bytes(), 9))
        assert parts["HTML"] == pytest.approx(size, abs=20)


def test_an_empty_site_is_named_in_the_error(tmp_path):
    with pytest.raises(FileNotFoundError, match="make book"):
        weight.chapter_pages(tmp_path)
