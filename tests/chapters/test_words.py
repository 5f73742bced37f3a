"""本の言葉: 一つの考えに一つの語。本文、コードの説明文、画面の文、検査の文のどれにも同じ語を使います。

用語の付録の「使わない語」は、章と付録の本文だけに禁じられています（test_chapters.py）。ほかの本の
呼び方で検索する試験のように、コードには現れてよいからです。下の表の語は、どの文にも使いません。
"""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CHAPTERS = sorted((ROOT / "chapters").glob("*.ipynb"))

# 使わない語（似た別の語は当てはまらない正規表現） → 代わりに使う語
INSTEAD = {
    r"(?<![漁信路金鉄])網(?![羅膜目掛状])": "ネットワーク（RNN なら RNN）",
    "枠組み": "フレームワーク",
    "部品": "ライブラリ（図の部品は widgets/ の中だけで、そう呼べます）",
    r"(?<![出図組初活木銅石凸凹])版(?![画権元木])": "バージョン",
    r"命令(?![的型形])": "コマンド",
    r"(?<!測定)(?<!実験)(?<!分析)(?<!観測)(?<!製造)(?<!成膜)装置": "実行環境",
    r"電話(?![番帳線機])": "スマートフォン",
    "働き手": "ワーカー",
    "演算器のそばの記憶": "キャッシュ",
    r"ロジスティック(?!回帰|写像|方程式|分布|曲線)": "シグモイド関数",
    r"勾配[をがは]切(?![りっ]?(離|替|捨))": "勾配をクリップする",
    r"誤り(?=[:：]|の文|(には?|と)?な[るりっ]|にし|とみなす?|として|[をがは].{0,6}出)"
    r"|(何の|致命的な)誤り": "エラー",
}
# ページの図の部品は、ライブラリではありません
PARTS_OF_FIGURES = ("code/rnnbook/widgets/", "tests/widgets/")
# 書き直しを待つ章に残っている語。章を直したら、その章の行を消します
STILL_IN = {
    "01_rnn_basics": {"ネットワーク（RNN なら RNN）", "エラー"},
    "03_lstm_gru": {
        "ネットワーク（RNN なら RNN）",
        "フレームワーク",
        "シグモイド関数",
        "エラー",
    },
}


def misused(text: str) -> dict[str, str]:
    """text にある使わない語のまわりの文字。代わりに使う語ごとに、はじめの一つです。"""
    found = {}
    for pattern, instead in INSTEAD.items():
        if match := re.search(rf".{{0,20}}({pattern}).{{0,20}}", text):
            found[instead] = match[0]
    return found


def committed() -> list[str]:
    """コミットされる、章のほかのファイルの道筋。data/ の中身と使用条件は、私たちの文ではありません。"""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(command, cwd=ROOT, check=True, capture_output=True).stdout
    this = Path(__file__).relative_to(ROOT).as_posix()
    return [
        name
        for name in sorted(filter(None, names.decode().split("\0")))
        if (ROOT / name).is_file()
        and not name.endswith((".ipynb", ".png", ".wasm"))
        and (not name.startswith("data/") or name == "data/README.md")
        and name not in (this, "LICENSE")
    ]


@pytest.mark.parametrize(
    "sentence",
    [
        "乱数の網を学習します",
        "二つの枠組みを比べます",
        "使う部品を入れます",
        "版を替える",
        "Keras 版です",
        "make は命令です",
        "CUDA の装置で動きます",
        "電話の画面",
        "四つの働き手に配ります",
        "演算器のそばの記憶に入ります",
        "ロジスティック関数を使います",
        "勾配を切ると、爆発しません",
        "  誤り: ファイルがありません",
        "黙って通さず誤りにします",
        "警告は誤りになります",
        "誤りの文を読みます",
        "何の誤りも出しません",
        "誤りは一つも出ません",
    ],
)
def test_a_word_that_is_not_used_turns_the_test_red(sentence):
    assert misused(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "文献を網羅します。網膜と網目",
        "出版社、版画、図版、組版、初版、著作の版権",
        "命令的に書く。命令形の文",
        "測定装置と実験装置",
        "電話番号",
        "ロジスティック回帰とロジスティック写像",
        "勾配を切り離す。勾配を切り捨てる。勾配の打ち切り",
        "誤り 1 本。誤り率。測り方の誤り。誤りを含むコードを直す。誤った引数",
    ],
)
def test_a_word_that_only_looks_like_one_is_left_alone(sentence):
    assert misused(sentence) == {}


def test_everything_but_the_chapters_uses_the_words_of_the_book():
    found = {}
    for name in committed():
        words = misused((ROOT / name).read_text(encoding="utf-8"))
        if name.startswith(PARTS_OF_FIGURES):
            words = {k: v for k, v in words.items() if k != INSTEAD["部品"]}
        if words:
            found[name] = words
    assert found == {}


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda path: path.stem)
def test_a_chapter_uses_the_words_of_the_book(chapter):
    """章の本文、コード、保存された出力。"""
    words = misused(chapter.read_text(encoding="utf-8"))
    left = STILL_IN.get(chapter.stem, set())
    assert {k: v for k, v in words.items() if k not in left} == {}
