"""読者の組織の写真を読みます: 画像のフォルダー（第 13 章）。

画像（.npy の配列、.png と .tif の白黒の画像、.csv の数の表）は、時刻の順に並べ、大きさと値を確かめてから
own_statistics が統計にします。統計の表は own_series が読みます。
読めない所は、ファイル、行、列（画素）と、することを述べて FileProblem（ValueError）になります。
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

import numpy as np

from rnnbook.materials.own_files import FileProblem, read_table

PICTURES = (".png", ".tif", ".tiff")
READABLE = (".npy", ".csv", ".txt", *PICTURES)
# 名前の中の、数と時間の単位: aged_0010min.png、t=2.5h.npy、焼鈍_2時間.png。知らない語の付いた数は時刻ではない
TIME = re.compile(
    r"(\d+(?:\.\d+)?)[ _]?(ms|s|min|h|d|秒|分|時間|日)?(?![^\W_]|\.)", re.IGNORECASE
)
UNIT = "(?:ms|s|min|h|d|秒|分|時間|日)"
TWO = re.compile(  # 1時間30分、1h_30min: 二つの単位の時刻
    rf"\d[ _]?{UNIT}[ _]?\d+(?:\.\d+)?[ _]?{UNIT}(?![^\W\d_])", re.IGNORECASE
)
SECONDS = {"ms": 1e-3, "s": 1.0, "min": 60.0, "h": 3600.0, "d": 86400.0}
SECONDS |= {"秒": 1.0, "分": 60.0, "時間": 3600.0, "日": 86400.0}


class Micrographs(NamedTuple):
    """同じ視野の大きさの画像を、時刻の順に並べたもの。"""

    names: list[str]  # ファイルの名前
    time: np.ndarray  # (F,) 時刻。名前に単位があれば s、なければその数
    images: np.ndarray  # (F, n, m) 明るさ
    unit: str = ""  # time の単位。名前に単位があれば s


def read_image(path: str | Path) -> np.ndarray:
    """一枚の画像を、明るさの配列 (n, m) にします。8 ビットと 16 ビットの画像は 0 から 1 です。

    色の付いた画像、透けた画素のある画像、有限でない画素、どこも同じ明るさの画像はエラーです。

    例:
        >>> import tempfile
        >>> file = Path(tempfile.mkdtemp()) / "t=30s.npy"
        >>> np.save(file, [[0.0, 1.0, 1.0], [1.0, 0.0, 0.0]])
        >>> read_image(file).shape
        (2, 3)
    """
    path = Path(path)
    if not path.is_file():
        raise FileProblem(f"{path} がありません。")
    kind = path.suffix.lower()
    if kind not in READABLE:
        raise FileProblem(
            f"{path.name} は読めません。読めるのは {'、'.join(READABLE)} です。"
            "顕微鏡の独自の形式は、白黒の PNG か TIFF で書き出します。"
        )
    if kind == ".npy":
        image = _array(path)
    else:
        image = _picture(path) if kind in PICTURES else _numbers(path)
    if image.ndim != 2 or min(image.shape) < 2:
        raise FileProblem(
            f"{path.name} の形は {image.shape} です。一枚の画像 (n, m) を一つのファイルにします。"
        )
    wrong = np.argwhere(~np.isfinite(image))
    if len(wrong):
        row, column = wrong[0] + 1
        raise FileProblem(
            f"{path.name} の {row} 行 {column} 列の画素が、有限の数ではありません"
            f"（全部で {len(wrong)} 個）。欠けた所を切り取るか、まわりから埋めます。"
        )
    if np.ptp(image) == 0:
        raise FileProblem(
            f"{path.name} は、どこも同じ明るさ {image[0, 0]:g} です。組織が写っていません。"
        )
    return image


def read_micrographs(
    folder: str | Path, pattern: str = "*", times: str | Path | None = None
) -> Micrographs:
    """フォルダーの画像を、時刻の順に読みます。

    時刻は、名前の中の、単位の付いた終わりの数（aged_0010min_02.png なら 600 s。秒、分、時間、日も読みます）か、
    単位がなければ終わりの数か、times の表の列「時刻」から取ります。
    表は、列「ファイル」に名前を持ちます。大きさや単位が揃わない、時刻が重なるときはエラーです。

    例:
        >>> import tempfile
        >>> folder = Path(tempfile.mkdtemp())
        >>> for minute in (10, 2):
        ...     np.save(folder / f"aged_{minute}min.npy", np.eye(8) * minute)
        >>> found = read_micrographs(folder)
        >>> found.names, found.time.tolist(), found.images.shape
        (['aged_2min.npy', 'aged_10min.npy'], [120.0, 600.0], (2, 8, 8))
    """
    files = sorted(
        path
        for path in Path(folder).glob(pattern)
        if path.suffix.lower() in READABLE
        and (times is None or path.resolve() != Path(times).resolve())
    )
    if not files:
        raise FileProblem(
            f"フォルダー {folder} に、{pattern} に合う画像がありません。"
            f"読めるのは {'、'.join(READABLE)} です。"
        )
    if times is None:
        at, unit = _times_in_names(files)
    else:
        at, unit = _times_in_table(files, times), ""
    images = [read_image(path) for path in files]
    for path, image in zip(files, images, strict=True):
        if image.shape != images[0].shape:
            raise FileProblem(
                f"{path.name} の大きさ {image.shape} が、{files[0].name} の {images[0].shape} と"
                "違います。同じ倍率で撮り、同じ大きさに切り取ります。"
            )
    order = np.argsort(at, kind="stable")
    if (same := np.diff(at[order]) == 0).any():
        k = int(np.argmax(same))
        raise FileProblem(
            f"{files[order[k]].name} と {files[order[k + 1]].name} は、同じ時刻 {at[order[k]]:g} です。"
        )
    return Micrographs(
        [files[k].name for k in order], at[order], np.stack(images)[order], unit
    )


def _times_in_names(files: list[Path]) -> tuple[np.ndarray, str]:
    found = [TIME.findall(path.stem) for path in files]
    for path, matches in zip(files, found, strict=True):
        if not matches:
            raise FileProblem(
                f"{path.name} の名前に、時刻の数がありません"
                "（読める単位は ms、s、min、h、d、秒、分、時間、日）。"
                "引数 times に、列「ファイル」と「時刻」の表を渡します。"
            )
        if TWO.search(path.stem):
            raise FileProblem(
                f"{path.name} の時刻は、二つの単位で書かれています。"
                "90分 のように、一つの単位で書きます。"
            )
    # 単位の付いた数を先に選びます
    last = [([m for m in matches if m[1]] or matches)[-1] for matches in found]
    has = [bool(unit) for _, unit in last]
    if any(has) and not all(has):
        raise FileProblem(
            f"{files[has.index(False)].name} の時刻には単位がなく、{files[has.index(True)].name} には"
            "あります。揃えます。"
        )
    at = np.array([float(v) * SECONDS.get(u.lower(), 1.0) for v, u in last])
    return at, "s" if any(has) else ""


def _times_in_table(files: list[Path], times: str | Path) -> np.ndarray:
    table = read_table(times)
    names, at = table.words("ファイル").tolist(), table.numbers("時刻")
    for path in files:
        if names.count(path.name) != 1:
            problem = "ありません" if path.name not in names else "二度あります"
            raise FileProblem(
                f"{table.path.name} の列 ファイル に、{path.name} が{problem}。"
            )
    return np.array([at[names.index(path.name)] for path in files])


def _array(path: Path) -> np.ndarray:
    try:
        image = np.load(path, allow_pickle=False)
    except (ValueError, OSError, EOFError):
        raise FileProblem(
            f"{path.name} は、NumPy の配列として読めません。np.save で書き直します。"
        ) from None
    if image.dtype.kind not in "bifu":
        raise FileProblem(
            f"{path.name} の値は {image.dtype} です。実数の配列を np.save で書きます。"
        )
    return image.astype(float)


def _picture(path: Path) -> np.ndarray:
    from matplotlib.image import imread

    try:
        image = imread(path)
    except (OSError, SyntaxError, ValueError):
        raise FileProblem(
            f"{path.name} は、画像として読めません。書き出し直します。"
        ) from None
    top = np.iinfo(image.dtype).max if image.dtype.kind in "iu" else 1.0
    image = np.asarray(image, dtype=float) / top
    if image.ndim == 3 and image.shape[2] in (2, 4):
        if (image[..., -1] < 1).any():
            raise FileProblem(
                f"{path.name} には透けた画素があります。透けない白黒の画像で書き出します。"
            )
        image = image[..., :-1]
    if image.ndim == 3:
        row, column, spread = _most_coloured(image)
        if spread > 1.5 / 255:
            raise FileProblem(
                f"{path.name} の {row} 行 {column} 列の画素に色があります。"
                "目盛りの文字や疑似カラーを除き、白黒で書き出します。"
            )
        image = image.mean(axis=2)
    return image


def _most_coloured(image: np.ndarray) -> tuple[int, int, float]:
    spread = np.ptp(image, axis=2)
    row, column = np.unravel_index(np.argmax(spread), spread.shape)
    return int(row) + 1, int(column) + 1, float(spread.max())


def _numbers(path: Path) -> np.ndarray:
    """数だけの表。画素の見出しはありません。"""
    table = read_table(path)
    return np.stack([table.numbers(k) for k in range(len(table.names))], axis=1)
