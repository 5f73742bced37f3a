"""章を初めて開くとき、絵を除いて 300 KB、絵を含めて 450 KB (gzip) より多くを受け取らせません。"""

import gzip

import pytest

from rnnbook.workshop import weight


@pytest.fixture(scope="module")
def weights(site_dir, browser):
    return weight.measure(site_dir, browser)


def test_every_chapter_weighs_at_most_300_kb_without_pictures(weights):
    sizes = {page: weight.without_pictures(parts) for page, parts in weights.items()}
    assert {page: size for page, size in sizes.items() if size > 300_000} == {}


def test_every_chapter_weighs_at_most_450_kb_with_all_its_pictures(weights):
    sizes = {page: sum(parts.values()) for page, parts in weights.items()}
    assert {page: size for page, size in sizes.items() if size > 450_000} == {}


def test_the_frame_of_a_page_leaves_room_for_mathematics_and_figures(weights):
    lightest = min(map(weight.without_pictures, weights.values()))
    assert lightest < 170_000


def test_the_measure_sees_html_styles_and_scripts_of_every_page(weights, chapters):
    assert set(chapters) <= set(weights)
    for page, parts in weights.items():
        assert parts["HTML"] > 1000 and parts["CSS"] > 1000 and parts["JS"] > 1000, page


def test_the_measured_html_is_the_size_of_the_file_compressed(weights, site_dir):
    for page, parts in weights.items():
        size = len(gzip.compress((site_dir / page).read_bytes(), 9))
        assert parts["HTML"] + parts["絵"] == pytest.approx(size, abs=20)


def test_the_pictures_of_a_page_are_weighed_apart_from_its_words():
    words = b"<p>" + b"".join(b"%d " % (n * n) for n in range(3000)) + b"</p>"
    drawn = (
        b'<figure class="picture" id="fig-1-1"><svg>' + words[3:-4] + b"</svg></figure>"
    )
    alone = weight.weigh([("a.html", "document", words)])
    both = weight.weigh([("a.html", "document", words + drawn)])
    assert alone["絵"] == 0 and both["絵"] > 0
    # 図の枠 (figure と svg のタグ) は、言葉の側に残ります
    assert both["HTML"] == pytest.approx(alone["HTML"], abs=100)


def test_an_empty_site_is_named_in_the_error(tmp_path):
    with pytest.raises(FileNotFoundError, match="make book"):
        weight.chapter_pages(tmp_path)
