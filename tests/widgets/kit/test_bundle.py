"""モジュールのまとめ方は、分かる書き方だけを通し、ほかはエラーにします。"""

import pytest

from rnnbook.widgets.kit.bundle import bundle, sheets


def write(folder, **files):
    for name, text in files.items():
        (folder / f"{name}.js").write_text(text, encoding="utf-8")
    return folder / "root.js"


def test_dependencies_come_first_and_only_once(tmp_path):
    root = write(
        tmp_path,
        base="export const base = 1;\n",
        left='import { base } from "./base.js";\nexport function left() { return base; }\n',
        right='import { base } from "./base.js";\nexport const right = () => base;\n',
        root='import { left } from "./left.js";\nimport { right } from "./right.js";\n'
        "export default { render() { return left() + right(); } };\n",
    )
    text = bundle(root)
    assert text.count("const base = 1;") == 1
    places = [
        text.index(part)
        for part in ("const base", "function left", "const right", "export default")
    ]
    assert places == sorted(places)
    assert "import" not in text
    assert text.count("export") == 1


def test_the_style_beside_each_module_comes_along_in_the_same_order(tmp_path):
    root = write(
        tmp_path,
        base="export const base = 1;\n",
        part='import { base } from "./base.js";\nexport const part = base;\n',
        root='import { base } from "./base.js";\nimport { part } from "./part.js";\n'
        "export default { base, part };\n",
    )
    for name in ("root", "base", "other"):
        (tmp_path / f"{name}.css").write_text(f".{name} {{}}\n", encoding="utf-8")
    assert sheets(root) == {"base.css": ".base {}\n", "root.css": ".root {}\n"}


KEPT = {
    "文字列": """const a = "https://example.org", b = '/* 文 */';""",
    "ひな形": "const text = `/* 文 */\n// 文の行\n\nexport const ghost = 1;\n  行の頭  \n`;",
    "ひな形の中のひな形": "const t = `a ${[1].map((v) => `// ${v} }`)} // b`;",
    "ひな形の ${ } の中の波括弧": "const t = `${(() => { return { a: 1 }.a; })()} /* c */`;",
    "正規表現": r"const r = [/[/*]\/*'`/g, (s) => s.replace(/\/\/ x/, 1)];",
    "割り算": "const half = (1 + 1) / 2 / 4, name = half / half;",
}


@pytest.mark.parametrize("case", KEPT)
def test_what_looks_like_a_comment_inside_a_literal_stays(tmp_path, case):
    root = write(
        tmp_path,
        root=f"// 注釈\n{KEPT[case]} // 末尾\n/* 終わり */ export default {{}};\n",
    )
    assert bundle(root) == f"// ---- root.js\n{KEPT[case]}\n export default {{}};\n"


def test_comments_are_left_out_wherever_they_stand(tmp_path):
    root = write(
        tmp_path,
        root="// 一行\n/**\n * 何行か\n * const ghost = 1;\n */\n"
        "const half = /** @type {number} */ (0.5); // 末尾\n"
        "  /* 一行で終わる */\nexport default { half };\n",
    )
    assert bundle(root) == (
        "// ---- root.js\nconst half =  (0.5);\nexport default { half };\n"
    )


@pytest.mark.parametrize(
    "broken",
    ['const a = "開いたまま;', "const a = `開いたまま", "/* 開いたまま", "`${1"],
)
def test_what_is_never_closed_is_an_error_that_names_the_file(tmp_path, broken):
    root = write(tmp_path, root=f"export default {{}};\n{broken}\n")
    with pytest.raises(ValueError, match=r"root\.js .*閉じていない"):
        bundle(root)


def test_a_generated_module_is_read_like_a_file(tmp_path):
    root = write(
        tmp_path,
        root='import { a } from "./made.js";\nexport default { a };\n',
    )
    made = {f"{tmp_path.name}/made.js": "export const a = 1;\n"}
    assert bundle(root, made).startswith("// ---- made.js\nconst a = 1;\n")


def test_a_name_declared_twice_is_an_error_that_names_both_files(tmp_path):
    root = write(
        tmp_path,
        other="export const a = 1;\nfunction hidden() {}\n",
        root='import { a } from "./other.js";\nconst hidden = a;\nexport default {};\n',
    )
    with pytest.raises(ValueError, match=r"root\.js と other\.js が、同じ名前 hidden"):
        bundle(root)


@pytest.mark.parametrize(
    "line",
    [
        'import other from "./other.js";',
        'import * as other from "./other.js";',
        'import { a as b } from "./other.js";',
        'import { a } from "https://example.org/other.js";',
        'import { a } from "other";',
        'import "./other.js";',
        "import {",
        'export { a } from "./other.js";',
        'export * from "./other.js";',
        "const { x } = { x: 1 };",
    ],
)
def test_a_line_that_is_not_understood_is_an_error_that_shows_it(tmp_path, line):
    root = write(
        tmp_path, other="export const a = 1;\n", root=f"{line}\nexport default {{}};\n"
    )
    with pytest.raises(ValueError) as error:
        bundle(root)
    assert line in str(error.value)
    assert "1 行" in str(error.value)


def test_importing_a_name_that_is_not_exported_is_an_error(tmp_path):
    root = write(
        tmp_path, other="const a = 1;\n", root='import { a } from "./other.js";\n'
    )
    with pytest.raises(
        ValueError, match=r"root\.js が読む a は、other\.js が export していません"
    ):
        bundle(root)


def test_a_missing_module_is_named(tmp_path):
    root = write(tmp_path, root='import { a } from "./gone.js";\n')
    with pytest.raises(ValueError, match=r"gone\.js"):
        bundle(root)


def test_a_cycle_is_an_error_that_shows_the_way(tmp_path):
    root = write(
        tmp_path,
        a='import { root } from "./root.js";\nexport const a = 1;\n',
        root='import { a } from "./a.js";\nexport const root = 1;\n',
    )
    with pytest.raises(ValueError, match=r"root\.js → a\.js → root\.js"):
        bundle(root)


def test_every_figure_is_one_module_that_a_browser_can_read(bench, every_kind):
    assert len(every_kind) >= 7
    for figure in every_kind:
        kind = bench.evaluate(
            """async (text) => {
              const url = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
              return typeof (await import(url)).default.render;
            }""",
            figure._esm,
        )
        assert kind == "function", figure
