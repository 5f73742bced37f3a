"""matplotlib の描き手: 道は ``<path>``、字は ``<text>`` の、主題の色の名前を持つ SVG になります。

色は値でなく名前（:data:`rnnbook.figures.style.NAMES`）で書き、ページの CSS が明るい画面、暗い画面、
紙の色を当てます。書体の幅は読む人の計算機で変わるので、どの字にも四分の一の余裕を取ります。
"""

from __future__ import annotations

import math
from html import escape

import numpy as np
from matplotlib.backend_bases import GraphicsContextBase, RendererBase
from matplotlib.colors import to_hex
from matplotlib.path import Path
from matplotlib.text import Text
from matplotlib.transforms import Affine2D, Bbox

from rnnbook.figures.labels import tspans
from rnnbook.figures.style import NAMES
from rnnbook.figures.svg_path import has_curves, leaves, outline, short

SIZE = 12.0  # 書かれていないときの字の大きさ
WIDER = 1.25  # 広い書体での、字の幅と高さの倍率
WIDER_FORMULA = 1.4  # 式の字は、ページの書体では matplotlib のものより広い


class ThemedRenderer(RendererBase):
    """matplotlib が呼ぶ描き手。描き終えたら content() が SVG の中身です。"""

    def __init__(self, width: float, height: float, prefix: str) -> None:
        super().__init__()
        self.width, self.height, self.prefix = width, height, prefix
        self.box = Bbox.from_bounds(0, 0, width, height)
        self.smallest = math.inf
        self._parts: list[str] = []
        self._clips: dict[tuple[str, ...], str] = {}
        self._pending: tuple[str, list[str]] = (
            "",
            [],
        )  # 同じ書き方の道は一つにまとめます

    def get_canvas_width_height(self) -> tuple[float, float]:
        return self.width, self.height

    def flipy(self) -> bool:
        return True

    def content(self) -> str:
        """ここまでに描いたもの。"""
        self._flush()
        clips = "".join(
            f'<clipPath id="{name}"><rect x="{x}" y="{y}" width="{w}" height="{h}"/></clipPath>'
            for (x, y, w, h), name in self._clips.items()
        )
        return clips + "".join(self._parts)

    def draw_path(
        self,
        gc: GraphicsContextBase,
        path: Path,
        transform: Affine2D,
        rgbFace: tuple[float, ...] | None = None,
    ) -> None:
        looks = self._looks(gc, rgbFace)
        if not looks:
            return
        frame = gc.get_clip_rectangle()
        line = rgbFace is None and not has_curves(path)
        data = outline(path, transform, frame if line else None, self.height)
        if not data:
            return
        if frame is not None and not line and leaves(path, transform, frame):
            looks += f' clip-path="url(#{self._clip(frame)})"'
        if looks != self._pending[0]:
            self._flush()
            self._pending = (looks, [])
        self._pending[1].append(data)

    def draw_quad_mesh(
        self,
        gc: GraphicsContextBase,
        master_transform: Affine2D,
        meshWidth: int,
        meshHeight: int,
        coordinates: np.ndarray,
        offsets: object,
        offsetTrans: object,
        facecolors: np.ndarray,
        antialiased: object,
        edgecolors: object,
    ) -> None:
        """色の升目（pcolormesh）。同じ色と濃さの升目は、一つの道にまとめます。"""
        self._flush()
        corners = master_transform.transform(coordinates.reshape(-1, 2))
        x = corners[: meshWidth + 1, 0]
        y = self.height - corners[:: meshWidth + 1, 1]
        groups: dict[str, str] = {}
        for index, face in enumerate(facecolors):
            if face[3] < 0.005:
                continue
            row, column = divmod(index, meshWidth)
            opacity = "" if face[3] > 0.995 else f' fill-opacity="{face[3]:.2g}"'
            looks = f'class="c f-{_name(face, "升目")}"{opacity}'
            x0, x1, y0, y1 = map(short, (*x[column : column + 2], *y[row : row + 2]))
            groups[looks] = groups.get(looks, "") + f"M{x0} {y0}H{x1}V{y1}H{x0}z"
        self._parts += [f'<path {looks} d="{d}"/>' for looks, d in groups.items()]

    def draw_image(self, *_: object, **__: object) -> None:
        raise ValueError(
            "画像（imshow など）は主題の色に従えません。pcolormesh で升目を描いてください。"
        )

    def draw_text(
        self,
        gc: GraphicsContextBase,
        x: float,
        y: float,
        s: str,
        prop: object,
        angle: float,
        ismath: bool | str = False,
        mtext: Text | None = None,
    ) -> None:
        self._flush()
        size = prop.get_size_in_points()
        self.smallest = min(self.smallest, size)
        # 書体の幅が違っても位置がずれないように、そろえる側を基準の点にします
        straight = angle == 0 or (mtext and mtext.get_rotation_mode() == "anchor")
        side = mtext.get_ha() if mtext and straight else "center"
        share = {"left": 0.0, "center": 0.5, "right": 1.0}[side]
        width, height, descent = self.get_text_width_height_descent(s, prop, ismath)
        along = np.array(
            [math.cos(math.radians(angle)), -math.sin(math.radians(angle))]
        )
        point = np.array([x, y]) + share * width * along
        wide = (WIDER_FORMULA if ismath else WIDER) * width
        self._make_room(point, along, share, wide, WIDER * height, WIDER * descent)

        name = _name(gc.get_rgb(), "字")
        attributes = f'class="t-{name}" x="{short(point[0])}" y="{short(point[1])}"'
        if share:
            attributes += f' text-anchor="{"middle" if share == 0.5 else "end"}"'
        if size != SIZE:
            attributes += f' font-size="{short(size)}"'
        if angle:
            turn = f"{-angle:g} {short(point[0])} {short(point[1])}"
            attributes += f' transform="rotate({turn})"'
        label = s if ismath else s.replace(r"\$", "$")
        inner = tspans(label, size) if ismath else escape(label, quote=False)
        self._parts.append(f"<text {attributes}>{inner}</text>")

    def _make_room(
        self,
        point: np.ndarray,
        along: np.ndarray,
        share: float,
        width: float,
        height: float,
        descent: float,
    ) -> None:
        """広い書体の字が入るように、図の枠を広げます。"""
        down = np.array([-along[1], along[0]])
        corners = [
            point + along * a + down * d
            for a in (-share * width, (1 - share) * width)
            for d in (descent - height, descent)
        ]
        self.box = Bbox.union(
            [self.box, Bbox([np.min(corners, 0), np.max(corners, 0)])]
        )

    def _looks(self, gc: GraphicsContextBase, face: tuple[float, ...] | None) -> str:
        """線と面の書き方。何も見えなければ空です。"""
        alpha = gc.get_alpha() if gc.get_forced_alpha() else None
        names, opacity, rest = [], {}, ""
        if face is not None and (alpha if alpha is not None else (*face, 1.0)[3]) > 0:
            names.append("f-" + _name(face, "面"))
            opacity["fill-opacity"] = alpha if alpha is not None else (*face, 1.0)[3]
        color, thick = gc.get_rgb(), gc.get_linewidth()
        if thick > 0 and (alpha if alpha is not None else color[3]) > 0:
            names.append("s-" + _name(color, "線"))
            opacity["stroke-opacity"] = alpha if alpha is not None else color[3]
            rest += "" if thick == 1 else f' stroke-width="{short(thick)}"'
            _, dashes = gc.get_dashes()
            if dashes is not None and len(dashes):
                rest += f' stroke-dasharray="{" ".join(map(short, dashes))}"'
            if gc.get_joinstyle() == "miter":
                rest += ' stroke-linejoin="miter"'
        if not names:
            return ""
        for key, value in opacity.items():
            rest += "" if value == 1 else f' {key}="{value:.2g}"'
        return f'class="{" ".join(names)}"{rest}'

    def _clip(self, frame: Bbox) -> str:
        top = self.height - frame.y1
        key = tuple(short(v) for v in (frame.x0, top, frame.width, frame.height))
        return self._clips.setdefault(key, f"{self.prefix}-{len(self._clips)}")

    def _flush(self) -> None:
        looks, data = self._pending
        if data:
            self._parts.append(f'<path {looks} d="{"".join(data)}"/>')
        self._pending = ("", [])


def _name(color: tuple[float, ...], where: str) -> str:
    code = to_hex(color[:3])
    if code not in NAMES:
        raise ValueError(
            f"{where}の色 {code} には、暗い画面での色が決まっていません。"
            f"rnnbook.figures.style の色を使ってください（{', '.join(NAMES)}）。"
        )
    return NAMES[code]
