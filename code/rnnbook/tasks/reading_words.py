"""読みの問題の語と型（第 4 章）。文の作り方は readings.py にあります。

型の中の一字は、入る語の種類です。

    W 読みを答える語    C 手がかり、N それに続く語    D ほかの語の手がかり、M それに続く語    A 副詞
"""

from __future__ import annotations

# 語 → 二つの読み。一つめの読みが現れる割合が PRIORS です
WORDS: dict[str, tuple[str, str]] = {
    "辛い": ("からい", "つらい"),
    "今日": ("きょう", "こんにち"),
    "人気": ("にんき", "ひとけ"),
    "上手": ("じょうず", "かみて"),
    "一日": ("いちにち", "ついたち"),
    "生": ("なま", "せい"),
}
PRIORS = (0.5, 0.6, 0.65, 0.7, 0.75, 0.8)
READINGS = tuple(reading for pair in WORDS.values() for reading in pair)  # 12 個

# 読みごとに 10 語。どの手がかりも、一つの読みだけのものです
CUES: dict[str, tuple[str, ...]] = {
    reading: tuple(words.split())
    for reading, words in {
        "からい": "カレー 唐辛子 キムチ 麻婆豆腐 わさび 担々麺 からし 明太子 ラー油 山椒",
        "つらい": "失恋 残業 別れ 病気 試練 早起き 孤独 受験 減量 失業",
        "きょう": "天気 夕飯 宿題 予定 洗濯 散歩 買い物 日記 弁当 待ち合わせ",
        "こんにち": "社会 経済 産業 科学 文明 外交 民主主義 技術 都市 学問",
        "にんき": "歌手 映画 俳優 新商品 番組 アニメ 選手 作家 漫画 雑誌",
        "ひとけ": "廃屋 夜道 山奥 路地 墓地 空き家 林道 無人駅 裏通り 廃校",
        "じょうず": "ピアノ 手芸 似顔絵 英会話 習字 水泳 口笛 将棋 裁縫 運転",
        "かみて": "舞台 客席 役者 花道 緞帳 黒子 照明 歌舞伎 大道具 演出",
        "いちにち": "休暇 労働 睡眠 旅程 昼寝 家事 勤務 当番 断食 看病",
        "ついたち": "月初 正月 初詣 暦 家賃 新年度 衣替え 入学式 年賀状 朔",
        "なま": "ビール 刺身 魚 野菜 卵 肉 寿司 中継 演奏 放送",
        "せい": "死 仏教 哲学 誕生 命 輪廻 老い 宗教 人生 魂",
    }.items()
}
NEIGHBOURS = tuple(
    [
        "の話",
        "の件",
        "の記事",
        "の本",
        "の写真",
        "の資料",
        "の感想",
        "の相談",
        "の一覧",
        "の思い出",
    ]
)
ADVERBS = tuple(
    [
        "たぶん",
        "もちろん",
        "実は",
        "やはり",
        "きっと",
        "おそらく",
        "たしかに",
        "どうも",
        "ふつう",
        "つまり",
        "正直",
        "結局",
        "案外",
        "むしろ",
        "ともかく",
        "いわば",
        "当然",
        "要するに",
        "どうやら",
        "さすがに",
    ]
)

# 手がかりが右にある型: はじめ、W のあと（長さが d − 1）、終わり
RIGHT_HEADS = (
    "",
    "題は",
    "紙に",
    "A 壁に",
    "D M の次に",
    "D M の隣に",
    "A D M のあとに",
    "表紙に A",
)
RIGHT_MIDDLES = (
    "",
    "とは",
    "A",
    "とあるのは A",
    "という 字は",
    "と 題したのは",
    "という 字は A",
    "と 書いた のは",
    "と 書いた のは A",
    "という 字は D でなく",
    "という 字は D M でなく",
    "と 書いた のは D でなく",
)
RIGHT_TAILS = ("です", "だ", "らしい", "だろう")
# 手がかりが左にある型: はじめ、C N のあと、W のあと
LEFT_HEADS = ("", "A", "紙に", "D M より", "D M の次に", "表紙に A")
LEFT_MIDDLES = ("です 題は", "らしい", "だ A", "の次に", "の隣に A", "のあとに 壁に")
LEFT_TAILS = (
    "とある",
    "と 書いて ある",
    "という 字が D M の隣に ある",
    "と 書いた のは A 別の 人だ",
    "とある 次は D M らしい",
    "という 字は D M と 別に ある",
)

SLOTS = "WCNDMA"
PAD = "（空）"  # 埋める番号 0 の語


def _function_words() -> list[str]:
    parts = (RIGHT_HEADS, RIGHT_MIDDLES, RIGHT_TAILS)
    parts += (LEFT_HEADS, LEFT_MIDDLES, LEFT_TAILS)
    found = [word for part in parts for text in part for word in text.split()]
    return [word for word in dict.fromkeys(found) if word not in SLOTS]


VOCABULARY: tuple[str, ...] = (
    PAD,
    *WORDS,
    *(cue for cues in CUES.values() for cue in cues),
    *NEIGHBOURS,
    *ADVERBS,
    *_function_words(),
)
NUMBER = {word: k for k, word in enumerate(VOCABULARY)}
