r"""図の文の中の式 $…$。本文と同じ TeX の、一行で書ける部分を描きます（kit/text.js）。

分数は a/b、根号は √(…)、飾りは字に重ねる印になります。ここにないコマンドや、閉じていない括弧は、
図を作るときにエラーにします。黙って通すと、読者は「frac{1}{2}」のような文字を見ることになります。
"""

from __future__ import annotations

import json
import re

# 斜体の字、立体の字と記号
GREEK = {
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ϵ",
    "varepsilon": "ε", "zeta": "ζ", "eta": "η", "theta": "θ", "kappa": "κ",
    "lambda": "λ", "mu": "μ", "nu": "ν", "xi": "ξ", "pi": "π", "rho": "ρ",
    "sigma": "σ", "tau": "τ", "phi": "ϕ", "varphi": "φ", "chi": "χ", "psi": "ψ",
    "omega": "ω", "ell": "ℓ",
}  # fmt: skip
SYMBOLS = {
    "Gamma": "Γ", "Delta": "Δ", "Theta": "Θ", "Lambda": "Λ", "Sigma": "Σ",
    "Phi": "Φ", "Psi": "Ψ", "Omega": "Ω", "partial": "∂", "nabla": "∇",
    "times": "×", "cdot": "⋅", "odot": "⊙", "oplus": "⊕", "pm": "±", "le": "≤",
    "leq": "≤", "ge": "≥", "geq": "≥", "ne": "≠", "neq": "≠", "approx": "≈",
    "sim": "∼", "ll": "≪", "gg": "≫", "in": "∈", "to": "→", "infty": "∞",
    "sum": "∑", "prod": "∏", "dots": "…", "ldots": "…", "cdots": "⋯", "top": "⊤",
    "lVert": "‖", "rVert": "‖", "lvert": "|", "rvert": "|", "mid": "∣",
}  # fmt: skip
FUNCTIONS = (
    ["arg", "cos", "det", "diag", "exp", "ln", "log", "max", "min", "rank", "sin", "tan", "tanh", "softmax"]
)  # fmt: skip
ACCENTS = {"hat": "\u0302", "tilde": "\u0303", "bar": "\u0304", "dot": "\u0307"}
# 引数の数
STRUCTURES = {"frac": 2, "sqrt": 1, "text": 1, "mathrm": 1, "left": 0, "right": 0}

_FORMULA = re.compile(r"`[^`]+`|\$([^$]+)\$")
_TOKEN = re.compile(r"\\[A-Za-z]+|\\.|\s+|.", re.DOTALL)


def require_formulas(text: str, where: str) -> str:
    r"""text の中の式が、どれも図で描けることを確かめて、text を返します。

    ValueError: 知らないコマンド、閉じていない括弧、続いた添え字。where は、エラーの文に書く場所です。

    例:
        >>> require_formulas(r"誤差 $\frac{1}{T}\sum_t (\hat y_t - y_t)^2$", "問い")
        '誤差 $\\frac{1}{T}\\sum_t (\\hat y_t - y_t)^2$'
    """
    for match in _FORMULA.finditer(text):
        if match[1] is None:  # `…` はコード
            continue
        tokens = [token for token in _TOKEN.findall(match[1]) if not token.isspace()]
        try:
            _row(tokens, closing=None)
        except ValueError as error:
            raise ValueError(f"{where}の式 {match[0]} を描けません。{error}") from None
    return text


def _row(tokens: list[str], closing: str | None) -> None:
    """閉じる括弧（なければ終わり）まで読み進めます。"""
    script = ""
    while tokens:
        token = tokens.pop(0)
        if token == closing:
            return
        if token in "_^":
            if script == token:
                raise ValueError(f"{token} が続いています。")
            script = token
            _argument(tokens, token)
            continue
        script = ""
        _atom(token, tokens)
    if closing:
        raise ValueError(f"{closing} が足りません。")


def _atom(token: str, tokens: list[str]) -> None:
    if token == "{":
        _row(tokens, "}")
    elif token == "}":
        raise ValueError("} が余っています。")
    elif token[0] == "\\" and token[1:].isalpha():
        name = token[1:]
        if name in STRUCTURES or name in ACCENTS:
            for _ in range(STRUCTURES.get(name, 1)):
                _argument(tokens, token)
        elif name not in GREEK and name not in SYMBOLS and name not in FUNCTIONS:
            raise ValueError(f"{token} は、図では使えません。")
    elif token[0] == "\\" and token[1:] not in tuple(",;:!{}|% "):
        raise ValueError(f"{token} は、図では使えません。")


def _argument(tokens: list[str], owner: str) -> None:
    if not tokens or tokens[0] in "}_^":
        raise ValueError(f"{owner} の後に、何もありません。")
    _atom(tokens.pop(0), tokens)


def symbols_js() -> str:
    """式のコマンドの一覧の ES モジュール。kit/symbols.js として読み込めます。"""
    lists = {
        "GREEK": GREEK,
        "SYMBOLS": SYMBOLS,
        "FUNCTIONS": FUNCTIONS,
        "ACCENTS": ACCENTS,
    }
    return "".join(
        f"export const {name} = {json.dumps(value, ensure_ascii=False)};\n"
        for name, value in lists.items()
    )
