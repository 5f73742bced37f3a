"""サイトは、ほかのどこにも何も頼まず、どの階層に置いても動きます。"""

import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urljoin, urlsplit

# 読み込みを起こす属性。ただのリンク (<a href>) と印 (<meta content>) は数えません。
LOADING = {
    ("link", "href"),
    ("script", "src"),
    ("img", "src"),
    ("img", "srcset"),
    ("iframe", "src"),
    ("source", "src"),
    ("video", "src"),
    ("audio", "src"),
    ("object", "data"),
    ("embed", "src"),
    ("use", "href"),
    ("form", "action"),
}
OUTSIDE = re.compile(r"^\s*(?:https?:)?//", re.I)
CSS_LOAD = re.compile(
    r"""(?:url\(\s*["']?|@import\s+["'])\s*((?:https?:)?//[^"')\s]+)""", re.I
)
JS_LOAD = re.compile(
    r"""(?:\bimport\s*\(|\bimport\s|\bfrom\s|\bfetch\s*\(|\.src\s*=|importScripts\s*\()"""
    r"""\s*["'`](?:https?:)?//""",
    re.I,
)


class Loads(HTMLParser):
    """HTML が読み込むものの住所を集めます。"""

    def __init__(self, text: str):
        super().__init__()
        self.found: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        values = dict(attributes)
        if tag == "link" and values.get("rel") == "canonical":
            return
        self.found += [v for k, v in attributes if (tag, k) in LOADING and v]


def test_no_page_asks_another_host_for_anything(visits, site_url):
    own = urlsplit(site_url).netloc
    asked = {
        (page, url)
        for (page, _), visit in visits.items()
        for url in visit.requests
        if urlsplit(url).scheme not in ("data", "blob") and urlsplit(url).netloc != own
    }
    assert not asked


def test_every_page_stays_inside_its_sub_path(visits, site_url):
    inside = urlsplit(site_url).path
    asked = {
        (page, url)
        for (page, _), visit in visits.items()
        for url in visit.requests
        if urlsplit(url).scheme.startswith("http")
        and not urlsplit(url).path.startswith(inside)
    }
    assert not asked


def test_nothing_that_a_page_asks_for_is_missing(visits):
    assert {
        key: visit.failures for key, visit in visits.items() if visit.failures
    } == {}


def test_no_page_writes_errors_or_warnings_to_the_console(visits):
    assert {
        key: visit.messages for key, visit in visits.items() if visit.messages
    } == {}


def test_built_html_loads_nothing_from_other_hosts(site_dir: Path):
    outside = {
        (path.name, url)
        for path in site_dir.rglob("*.html")
        for url in Loads(path.read_text(encoding="utf-8")).found
        if OUTSIDE.match(url)
    }
    assert not outside


def test_built_styles_and_scripts_load_nothing_from_other_hosts(site_dir: Path):
    outside = []
    for path in [*site_dir.rglob("*.css"), *site_dir.rglob("*.html")]:
        outside += [
            (path.name, m[1])
            for m in CSS_LOAD.finditer(path.read_text(encoding="utf-8"))
        ]
    for path in [*site_dir.rglob("*.js"), *site_dir.rglob("*.mjs")]:
        if path.name != "searchindex.js":  # 本文の写しで、コードではありません
            text = path.read_text(encoding="utf-8")
            outside += [(path.name, m[0]) for m in JS_LOAD.finditer(text)]
    assert outside == []


def test_links_between_pages_lead_to_files_that_exist(site_dir: Path):
    broken = []
    for path in site_dir.rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        for href in re.findall(r'<a [^>]*href="([^"#?:]+)(?:[#?][^"]*)?"', text):
            if (
                not (site_dir / path.relative_to(site_dir).parent / href)
                .resolve()
                .exists()
            ):
                broken.append((path.name, href))
    assert broken == []


def test_the_front_address_leads_to_the_first_page(page, site_url):
    page.goto(site_url)
    page.wait_for_url(urljoin(site_url, "chapters/index.html"))
    assert page.locator("article h1").count() == 1


def test_the_missing_page_leads_home_from_any_depth(page, site_url, site_dir: Path):
    body = (site_dir / "404.html").read_text(encoding="utf-8")
    assert [url for url in Loads(body).found if not url.startswith("data:")] == []
    for lost in ("chapters/no_such.html", "no_such.html", "_static/no_such.png"):
        page.route(
            site_url + lost,
            lambda route: route.fulfill(
                status=404, body=body, content_type="text/html"
            ),
        )
        page.goto(site_url + lost)
        home = page.locator("#home").evaluate("link => link.href")
        assert home == site_url + "chapters/index.html"
        assert page.request.get(home).ok
