"""matplotlib の道を、SVG の ``<path>`` の ``d`` にします。座標は下向きで、図の高さ height から測ります。"""

from __future__ import annotations

import numpy as np
from matplotlib.path import Path
from matplotlib.transforms import Affine2D, Bbox

_CIRCLE = Path.unit_circle()
_LETTERS = {
    Path.MOVETO: "M",
    Path.LINETO: "L",
    Path.CURVE3: "Q",
    Path.CURVE4: "C",
    Path.CLOSEPOLY: "z",
}


def outline(path: Path, transform: Affine2D, frame: Bbox | None, height: float) -> str:
    """道の ``d``。描くものがなければ空です。枠 frame を渡せば、線をそこで切ります。"""
    if np.array_equal(path.vertices, _CIRCLE.vertices):
        return _circle(transform, height)
    clip = None if frame is None else (frame.x0, frame.y0, frame.x1, frame.y1)
    drawn = path.cleaned(
        transform,
        remove_nans=True,
        clip=clip,
        simplify=not has_curves(path),
        curves=True,
    )
    return _data(drawn, height)


def has_curves(path: Path) -> bool:
    """曲線を含むか。"""
    return path.codes is not None and bool(
        np.isin(path.codes, (Path.CURVE3, Path.CURVE4)).any()
    )


def leaves(path: Path, transform: Affine2D, frame: Bbox) -> bool:
    """道が枠の外へ出るか。"""
    box = path.get_extents(transform)
    return not (
        box.x0 > frame.x0 - 0.5
        and box.x1 < frame.x1 + 0.5
        and box.y0 > frame.y0 - 0.5
        and box.y1 < frame.y1 + 0.5
    )


def short(value: float) -> str:
    """小数一桁。ページの上の 1/10 px より細かくは描けません。

    例:
        >>> short(2.0), short(-0.01), short(1.26)
        ('2', '0', '1.3')
    """
    text = f"{value:.1f}".removesuffix(".0")
    return "0" if text == "-0" else text


def _data(path: Path, height: float) -> str:
    out, points = [], []
    for vertex, code in zip(path.vertices, path.codes, strict=True):
        if code == Path.STOP:
            break
        if code == Path.CLOSEPOLY:
            out.append("z")
            continue
        points.append(f"{short(vertex[0])} {short(height - vertex[1])}")
        if len(points) == {Path.CURVE3: 2, Path.CURVE4: 3}.get(code, 1):
            out.append(_LETTERS[code] + " ".join(points))
            points = []
    return "".join(out) if len(out) > 1 else ""


def _circle(transform: Affine2D, height: float) -> str:
    """丸。弧二つで書くと、八本の曲線より短くなります。"""
    (x, y), (edge, _) = transform.transform([(0, 0), (1, 0)])
    radius, across = short(edge - x), short(2 * (edge - x))
    half = f"a{radius} {radius} 0 0 1"
    start = f"M{short(2 * x - edge)} {short(height - y)}"
    return f"{start}{half} {across} 0{half} -{across} 0z"
