"""サイトの見た目: 主題の設定、差し替える雛形、読み込む CSS と JavaScript。

土台は sphinx-book-theme です。雛形は ``templates/``、様式は ``static/`` にあり、
ここはそれを名指すだけです。使わないもの (Font Awesome など) は読み込まず、置きもしません。
"""

import shutil
from pathlib import Path

from rnnbook.workshop.repository import is_published

HERE = Path(__file__).parent
STYLES = (
    "book_colors.css",
    "book_icons.css",
    "book_frame.css",
    "book_nav.css",
    "book_prose.css",
    "book_cells.css",
)

OPTIONS = {
    "search_bar_text": "本文を検索",
    "toc_title": "このページの内容",
    "home_page_in_toc": True,
    "show_navbar_depth": 1,
    "footer_content_items": ["book-footer.html"],
    "logo": {"text": "", "alt_text": ""},
    "pygments_light_style": "a11y-high-contrast-light",
    "pygments_dark_style": "github-dark",
}

COPY_ICON = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" width="20" height="20"'
    ' fill="none" stroke="currentColor" stroke-width="1.8" aria-hidden="true">'
    '<rect x="8" y="8" width="12" height="12" rx="2"/>'
    '<path d="M16 8V6a2 2 0 0 0-2-2H6a2 2 0 0 0-2 2v8a2 2 0 0 0 2 2h2"/></svg>'
)

# Sphinx がどのページにも読み込ませるが、この本の検索と画面が使わないもの。
UNUSED_SCRIPTS = ("doctools.js", "sphinx_highlight.js", "translations.js")

# 主題が _static に置くが、この本のどのページも読み込まないもの。
UNUSED = (
    "vendor",
    "locales",
    "images",
    "webpack-macros.html",
    "sbt-webpack-macros.html",
    "scripts/bootstrap.js",
    "scripts/bootstrap.js.LICENSE.txt",
    "scripts/bootstrap.js.map",
    "scripts/pydata-sphinx-theme.js.map",
    "styles/bootstrap.css.map",
    "styles/pydata-sphinx-theme.css.map",
    "file.png",
    "minus.png",
    "plus.png",
    *UNUSED_SCRIPTS,
    "searchtools.js",
    "language_data.js",
    "copy-button.svg",
    "check-solid.svg",
    "copybutton_funcs.js",
    "scripts/sphinx-book-theme.js.map",
)


def configure(app, config) -> None:
    """主題と拡張の設定値を、この本のものにします。"""
    config.html_theme = "sphinx_book_theme"
    config.html_theme_options = {**config.html_theme_options, **OPTIONS}
    config.html_context = {**config.html_context, "default_mode": "light"}
    config.html_static_path = [*config.html_static_path, str(HERE / "static")]
    templates = HERE / "templates"
    config.templates_path = [
        str(templates),
        str(templates / "components"),
        *config.templates_path,
    ]
    config.html_additional_pages = {"404": "404.html", "index": "to_first_page.html"}
    config.html_use_index = False
    config.html_domain_indices = False
    config.html_last_updated_fmt = None
    config.copybutton_selector = (
        "div.cell_input div.highlight pre, div.highlight-python pre"
    )
    config.copybutton_image_svg = COPY_ICON


def colab_url(options: dict, pagename: str) -> str | None:
    """ノートブックを Colab で開く住所。置き場所が GitHub でないか、未定なら ``None``。"""
    repository = options.get("repository_url", "").rstrip("/")
    if not is_published(repository):
        return None
    colab = options.get("launch_buttons", {}).get("colab_url", "").rstrip("/")
    github = "https://github.com/"
    if not colab or not repository.startswith(github):
        return None
    branch = options.get("repository_branch") or "main"
    place = repository.removeprefix(github)
    return f"{colab}/github/{place}/blob/{branch}/{pagename}.ipynb"


def add_page_links(app, pagename, templatename, context, doctree) -> None:
    """ページの上の欄が使う、Colab の住所を渡します。公開先が未定なら、そのことを渡します。"""
    options = app.config.html_theme_options
    if doctree is None or not str(app.env.doc2path(pagename)).endswith(".ipynb"):
        return
    context["colab_href"] = colab_url(options, pagename)
    context["unpublished"] = not is_published(options.get("repository_url", ""))


def drop_unused_scripts(app, pagename, templatename, context, doctree) -> None:
    """この本が使わないスクリプトを、ページの読み込みから外します。"""
    context["script_files"][:] = [
        script
        for script in context["script_files"]
        if Path(str(getattr(script, "filename", None) or "")).name not in UNUSED_SCRIPTS
    ]


def remove_unused(app, exception) -> None:
    """どのページも読み込まないファイルを、出来上がりから除きます。"""
    if exception or app.builder.format != "html":
        return
    for name in UNUSED:
        path = Path(app.outdir) / "_static" / name
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)


def setup(app) -> None:
    # Jupyter Book が必ず渡す値。受け取る拡張 (sphinx_comments) を外したので、ここで受けます。
    app.add_config_value("comments_config", {}, "")
    app.connect("config-inited", configure, priority=100)
    app.connect("html-page-context", add_page_links, priority=600)
    app.connect("html-page-context", drop_unused_scripts, priority=900)
    app.connect("build-finished", remove_unused, priority=900)
    for name in STYLES:
        app.add_css_file(name, priority=800)
    app.add_css_file("book_print.css", priority=810, media="print")
    app.add_js_file("book.js", priority=800)
    app.add_js_file("reading_place.js", priority=800)
    app.add_js_file("copy_formulas.js", priority=800)
    app.add_js_file("scroll_areas.js", priority=800)
