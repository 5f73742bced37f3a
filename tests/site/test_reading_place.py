"""右の「このページの内容」が、いま読んでいる節を示すこと。"""

MARKED = "[...document.querySelectorAll('.bd-toc-nav a.active')].map((a) => decodeURIComponent(a.hash.slice(1)))"


def test_the_contents_mark_the_section_being_read_and_the_one_around_it(
    browser, site_url
):
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.goto(f"{site_url}chapters/03_lstm_gru.html")
    inner = page.evaluate(
        "decodeURIComponent(document.querySelector('.bd-toc-nav .toc-h3 a').hash.slice(1))"
    )
    outer = page.evaluate(
        "(id) => document.getElementById(id).parentElement.closest('section').id", inner
    )
    page.evaluate("(id) => document.getElementById(id).scrollIntoView()", inner)
    page.wait_for_function(f"(ids) => JSON.stringify({MARKED}) === JSON.stringify(ids)",
                           arg=[outer, inner])  # fmt: skip
    page.evaluate("scrollTo(0, 0)")
    page.wait_for_function(f"(id) => !{MARKED}.includes(id)", arg=inner)
    page.close()
