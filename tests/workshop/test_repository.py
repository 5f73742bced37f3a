"""本の住所が、すべての場所で同じであること。"""

import nbformat
import pytest

from rnnbook.workshop import repository
from rnnbook.workshop.environment import ROOT
from rnnbook.workshop.execute import chapters


@pytest.mark.parametrize("path", [pytest.param(p, id=p.stem) for p in chapters(ROOT)])
def test_the_first_code_cell_of_the_chapter_is_the_canonical_one(path):
    notebook = nbformat.read(path, as_version=4)
    first = next(cell for cell in notebook.cells if cell.cell_type == "code")
    assert first.source == repository.first_cell(
        repository.address(), repository.version()
    ), "make repository を実行してください"
    assert first.id == repository.CELL_ID
    assert first.metadata.tags == repository.CELL_TAGS


def test_no_other_address_of_this_book_is_written_anywhere():
    """Colab への案内が、_config.yml と別のリポジトリを指していない。"""
    slug = repository.slug(repository.address())
    for path in [*repository.documents(ROOT), *chapters(ROOT)]:
        text = path.read_text(encoding="utf-8")
        links = text.split("colab.research.google.com/github/")[1:]
        assert all(link.startswith(slug + "/") for link in links), path
        assert slug.startswith("YOUR-ACCOUNT/") or "YOUR-ACCOUNT/" not in text, path


@pytest.mark.parametrize(
    "given", ["https://github.com/me/rnn", "https://github.com/me/rnn.git/"]
)
def test_the_address_is_written_everywhere_and_only_where_it_stood(book, given):
    book.write(
        "README.md",
        "https://github.com/YOUR-ACCOUNT/rnn-textbook/blob/main/a.ipynb "
        "YOUR-ACCOUNT/rnn-textbook-2 https://github.com/other/rnn\n",
    )
    assert book.run("repository", given).returncode == 0
    assert repository.address(book.root) == "https://github.com/me/rnn"
    assert (book.root / "README.md").read_text(encoding="utf-8") == (
        "https://github.com/me/rnn/blob/main/a.ipynb "
        "YOUR-ACCOUNT/rnn-textbook-2 https://github.com/other/rnn\n"
    )
    for path in chapters(book.root):
        cells = nbformat.read(path, as_version=4).cells
        first = next(cell for cell in cells if cell.cell_type == "code")
        assert 'url, version = "https://github.com/me/rnn", "main"\n' in first.source
        assert [cell.id for cell in cells].count("colab") == 1


def test_the_version_is_written_for_the_button_and_for_every_chapter(book):
    assert book.run("repository", "--version=v1.0").returncode == 0
    assert repository.version(book.root) == "v1.0"
    assert (
        repository.address(book.root) == "https://github.com/YOUR-ACCOUNT/rnn-textbook"
    )
    for path in chapters(book.root):
        cells = nbformat.read(path, as_version=4).cells
        first = next(cell for cell in cells if cell.cell_type == "code")
        assert '/rnn-textbook", "v1.0"\n' in first.source


def test_a_version_that_git_cannot_name_is_refused(book):
    before = (book.root / "_config.yml").read_bytes()
    result = book.run("repository", "--version=--force")
    assert result.returncode == 1
    assert "VERSION に '--force' が渡されました。" in result.stderr
    assert (book.root / "_config.yml").read_bytes() == before


def test_writing_the_same_address_again_changes_nothing(book):
    book.run("repository")
    before = [path.read_bytes() for path in chapters(book.root)]
    assert book.run("repository").returncode == 0
    assert [path.read_bytes() for path in chapters(book.root)] == before


@pytest.mark.parametrize(
    "url", ["http://github.com/me/rnn", "https://example.org/me/rnn", "me/rnn"]
)
def test_an_address_that_colab_cannot_open_is_refused(book, url):
    before = (book.root / "_config.yml").read_bytes()
    result = book.run("repository", url)
    assert result.returncode == 1
    assert repr(url) in result.stderr
    assert "https://github.com/" in result.stderr
    assert (book.root / "_config.yml").read_bytes() == before
