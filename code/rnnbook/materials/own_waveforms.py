"""読者の波形を読みます: 時刻と電圧の列のあるファイル、そのフォルダーと一覧の表（第 12 章）。

表として読めた列（own_files）から、時刻と値を選び、秒とボルトに直します。等間隔か、単位、振り切れ、欠けを確かめ、
誤りは、ファイル、行、列と、することを述べて FileProblem になります。
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

import numpy as np

from rnnbook.arguments import require_choice
from rnnbook.materials.own_files import FileProblem, Table, read_table

SECONDS = {"s": 1.0, "sec": 1.0, "秒": 1.0, "ms": 1e-3, "us": 1e-6, "μs": 1e-6}
VOLTS = {"V": 1.0, "mV": 1e-3, "uV": 1e-6, "μV": 1e-6}
RATES = (1e3, 1e8)  # ありうる標本化周波数 Hz
LARGEST = 50.0  # ありうる電圧の大きさ V
STRESSES = (-3000.0, 3000.0)  # ありうる応力 MPa
FLAT = 8  # 端の値がこれだけ続けば、振り切れとみなします


class Waveform(NamedTuple):
    """一本の波形。"""

    values: np.ndarray  # (T,) V
    rate: float  # 標本化周波数 Hz


class Waves(NamedTuple):
    """同じ長さ、同じ標本化周波数の波形の一組。"""

    names: list[str]  # ファイルの名前か、ファイルと列の名前
    X: np.ndarray  # (N, T) V
    rate: float  # Hz
    specimen: np.ndarray  # (N,) 試料の名前
    stress: np.ndarray  # (N,) MPa。引張りが正


def read_waveform(
    path: str | Path | Table,
    time: str | int = 0,
    value: str | int = 1,
    time_unit: str | None = None,
    unit: str | None = None,
    rates: tuple[float, float] = RATES,
    largest: float = LARGEST,
) -> Waveform:
    """時刻と値の列のあるファイル（か、読んだ表）から、一本の波形を読みます。

    単位は見出しの括弧（「時間 (ms)」「電圧/mV」など）から読みます。見出しになければ、time_unit と unit で
    渡します。rates と largest は、ありうる標本化周波数 Hz と電圧 V で、外れれば単位の取り違えとして止まります。

    例:
        >>> import tempfile
        >>> file = Path(tempfile.mkdtemp()) / "burst.csv"
        >>> _ = file.write_text("# ch.2\\n電圧 (mV);時間 (ms)\\n4;0,00\\n-2;0,01\\n5;0,02\\n")
        >>> wave = read_waveform(file, time="時間", value="電圧")
        >>> wave.values.tolist(), round(wave.rate)
        ([0.004, -0.002, 0.005], 100000)
        >>> read_waveform(file, time="時間", value="電圧", largest=1e-3)
        Traceback (most recent call last):
        ...
        rnnbook.materials.own_files.FileProblem: burst.csv の 5 行目、列 電圧 (mV) の 5 は 0.005 V で、ありうる大きさ 0.001 V を超えます。0.001 倍すると入ります。単位（V、mV、μV）を確かめます。
    """
    table = path if isinstance(path, Table) else read_table(path)
    rate = _rate(table, time, time_unit, rates)
    return Waveform(_volts(table, value, unit, largest), rate)


def read_waves(
    listing: str | Path,
    file: str | int = "ファイル",
    specimen: str | int = "試料",
    stress: str | int = "応力 (MPa)",
    column: str | int | None = None,
    **how,
) -> Waves:
    """一覧の表 listing の一行ずつを、波形として読みます。how は read_waveform の引数です。

    一覧の列は、ファイルの名前（一覧のあるフォルダーから）、試料、応力です。一つのファイルに何本もの波形の列が
    あれば、column に、列の名前を並べた一覧の列を渡します。長さか標本化周波数が違えば、そのファイルを述べて止まります。

    例:
        >>> import tempfile
        >>> folder = Path(tempfile.mkdtemp())
        >>> _ = (folder / "a.csv").write_text("時間 (s),b1 (V),b2 (V)\\n0,1,4\\n1e-5,-1,3\\n2e-5,2,5\\n")
        >>> listed = "ファイル,波形,試料,応力 (MPa)\\na.csv,b2,S-1,-50\\na.csv,b1,S-2,0\\n"
        >>> _ = (folder / "list.csv").write_text(listed)
        >>> waves = read_waves(folder / "list.csv", column="波形")
        >>> waves.X.tolist(), waves.stress.tolist()
        ([[4.0, 3.0, 5.0], [1.0, -1.0, 2.0]], [-50.0, 0.0])
    """
    table = read_table(listing)
    files, specimens = table.words(file), table.words(specimen)
    stresses = _stresses(table, stress)
    columns = [None] * len(files) if column is None else table.words(column)
    tables: dict[Path, Table] = {}
    waves: list[Waveform] = []
    names: list[str] = []
    for name, of, line in zip(files, columns, table.lines, strict=True):
        path = Path(listing).parent / str(name)
        chosen = {} if of is None else {"value": str(of)}
        names.append(str(name) if of is None else f"{name} の {of}")
        try:
            if path not in tables:
                tables[path] = read_table(path)
            wave = read_waveform(tables[path], **(how | chosen))
        except FileProblem as problem:
            raise FileProblem(
                f"{table.path.name} の {line} 行目の波形: {problem}"
            ) from None
        _require_like(names, waves, wave)
        waves.append(wave)
    if repeated := _repeated(names):
        first, second = repeated
        raise FileProblem(
            f"{table.path.name} の {table.lines[first]} 行目と {table.lines[second]} 行目は、"
            f"同じ波形 {names[first]} です。どちらかの名前を直します。"
        )
    if repeated := _repeated([wave.values.tobytes() for wave in waves]):
        first, second = repeated
        raise FileProblem(
            f"{table.path.name} の {table.lines[first]} 行目の {names[first]} と {table.lines[second]} 行目の "
            f"{names[second]} は、どの点の電圧も同じです。同じ記録を二度並べていないかを確かめます。"
        )
    X = np.stack([wave.values for wave in waves])
    return Waves(names, X, waves[0].rate, specimens, stresses)


def _rate(
    table: Table, time: str | int, unit: str | None, rates: tuple[float, float]
) -> float:
    """等間隔の時刻の列から、標本化周波数 Hz。"""
    file, name = table.path.name, table.names[table.find(time)]
    scale = _scale(table, time, unit, SECONDS, "time_unit")
    t = table.numbers(time) * scale
    if len(t) < 3:
        raise FileProblem(f"{file} の波形は {len(t)} 点です。3 点以上要ります。")
    steps = np.diff(t)
    if (wrong := steps <= 0).any():
        k = int(np.argmax(wrong))
        raise FileProblem(
            f"{file} の {table.lines[k]} 行目と {table.lines[k + 1]} 行目で、時刻 {name} が進みません。"
            "並びの崩れか、書き出した桁の不足を直します。"
        )
    step = float(np.median(steps))
    # 一つ抜ければ間隔は 2 倍。書き出したときの丸めは、間隔の半分まで許します
    wide = np.abs(steps - step) > 0.5 * step
    drift = np.abs(t - np.linspace(t[0], t[-1], len(t))) > 0.75 * step
    if (wrong := wide | drift[1:]).any():
        k = int(np.argmax(wide if wide.any() else drift[1:]))
        raise FileProblem(
            f"{file} の {table.lines[k]} 行目と {table.lines[k + 1]} 行目で、時刻 {name} の間隔が "
            f"{steps[k] / scale:g} です（ほかは {step / scale:g} ほど）。等間隔に測り直すか、補間して揃えます。"
        )
    rate = (len(t) - 1) / (t[-1] - t[0])
    if not rates[0] <= rate <= rates[1]:
        hint = _hint(1 / rate, (1 / rates[1], 1 / rates[0]), "s、ms、μs")
        raise FileProblem(
            f"{file} の時刻 {name} の標本化周波数は {rate:.4g} Hz で、"
            f"ありうる {rates[0]:g}〜{rates[1]:g} Hz の外です。{hint}"
        )
    return float(rate)


def _volts(
    table: Table, value: str | int, unit: str | None, largest: float
) -> np.ndarray:
    """値の列 (T,) を V で。"""
    file, name = table.path.name, table.names[table.find(value)]
    raw = table.numbers(value)
    v = raw * _scale(table, value, unit, VOLTS, "unit")
    top = int(np.argmax(np.abs(v)))
    if abs(v[top]) > largest:
        raise FileProblem(
            f"{file} の {table.lines[top]} 行目、列 {name} の {raw[top]:g} は {v[top]:g} V で、"
            f"ありうる大きさ {largest:g} V を超えます。{_hint(abs(v[top]), (0, largest), 'V、mV、μV')}"
        )
    if v.min() == v.max():
        raise FileProblem(
            f"{file} の列 {name} は、どの点も {raw[0]:g} です。"
            "センサーがつながっているかを確かめます。"
        )
    for end in (v.max(), v.min()):
        at = np.flatnonzero(np.convolve(v == end, np.ones(FLAT), "valid") > FLAT - 0.5)
        if len(at) and len(np.unique(v)) > 2 * FLAT:
            raise FileProblem(
                f"{file} の {table.lines[at[0]]} 行目から、列 {name} が端の値 {raw[at[0]]:g} で "
                f"{FLAT} 点以上続きます。振り切れています。増幅の倍率を下げて測り直します。"
            )
    return v


def _stresses(table: Table, stress: str | int) -> np.ndarray:
    """応力の列 (N,)。単位は MPa です。"""
    name = table.names[table.find(stress)]
    found = re.search(r"[(\[/]\s*([^)\]\s]+)", name)
    if found and found.group(1) != "MPa":
        raise FileProblem(
            f"{table.path.name} の列 {name} の単位は {found.group(1)} です。MPa に換算します。"
        )
    values, low, high = table.numbers(stress), *STRESSES
    outside = (values < low) | (values > high)
    if outside.any():
        k = int(np.argmax(outside))
        raise FileProblem(
            f"{table.path.name} の {table.lines[k]} 行目の応力 {values[k]:g} は、"
            f"ありうる {low:g}〜{high:g} MPa の外です。"
            f"{_hint(abs(values[k]), (0, high), 'Pa、kPa、MPa')}"
        )
    return values


def _scale(
    table: Table, column: str | int, unit: str | None, known: dict, argument: str
) -> float:
    """見出しの単位か、引数の単位の、倍率。"""
    name = table.names[table.find(column)]
    found = re.search(r"[(\[/]\s*([^)\]\s]+)", name)
    written = found.group(1) if found else None
    if written is None:
        if unit is None:
            raise FileProblem(
                f"{table.path.name} の列 {name} の見出しに単位がありません。"
                f"引数 {argument} に、{'、'.join(known)} のどれかを渡します。"
            )
        return known[require_choice(argument, unit.replace("µ", "μ"), known)]
    if written not in known:
        raise FileProblem(
            f"{table.path.name} の列 {name} の単位 {written} は読めません。"
            f"{'、'.join(known)} のどれかに換算します。"
        )
    if unit is not None and known[written] != known.get(unit.replace("µ", "μ")):
        raise FileProblem(
            f"{table.path.name} の列 {name} の単位は {written} で、"
            f"引数 {argument} = {unit!r} と違います。"
        )
    return known[written]


def _hint(size: float, within: tuple[float, float], units: str) -> str:
    """千分の一、百万分の一で範囲に入るなら、そう言う文。"""
    for factor in (1e-3, 1e3, 1e-6, 1e6):
        if within[0] <= factor * size <= within[1] and factor * size > 1e-3 * within[1]:
            return f"{factor:g} 倍すると入ります。単位（{units}）を確かめます。"
    return "単位と列を確かめます。"


def _require_like(names: list[str], waves: list[Waveform], wave: Waveform) -> None:
    """はじめの波形と、点の数と標本化周波数が同じこと。"""
    if not waves:
        return
    T, rate = len(waves[0].values), waves[0].rate
    if len(wave.values) != T or abs(wave.rate / rate - 1) > 1e-3:
        raise FileProblem(
            f"{names[-1]} は {len(wave.values)} 点、{wave.rate:.4g} Hz で、"
            f"{names[0]} の {T} 点、{rate:.4g} Hz と違います。同じ条件の波形だけを並べます。"
        )


def _repeated(names: list) -> tuple[int, int] | None:
    """同じ名前（か中身）の、はじめの二つの行。"""
    seen: dict = {}
    for k, name in enumerate(names):
        if name in seen:
            return seen[name], k
        seen[name] = k
    return None
