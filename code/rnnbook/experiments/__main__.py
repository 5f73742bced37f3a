"""python -m rnnbook.experiments list | run NAME [--quick] [--jobs N] [--backend dask]"""

from __future__ import annotations

import argparse
import importlib
import pkgutil
import sys

import joblib

from rnnbook.arguments import require_choice, require_positive_int
from rnnbook.lab.backends import BACKENDS, BackendError
from rnnbook.lab.engine import Experiment, Incomplete, remeasure, run


def names() -> list[str]:
    """実験の名前の一覧。EXPERIMENT を持つファイルの名前です。

    例:
        >>> "lookback" in names()
        True
    """
    import rnnbook.experiments as room

    modules = (module.name for module in pkgutil.iter_modules(room.__path__))
    return sorted(name for name in modules if name != "__main__")


def find(name: str) -> Experiment:
    """名前から実験を探します。"""
    require_choice("name", name, names())
    return importlib.import_module(f"rnnbook.experiments.{name}").EXPERIMENT


def main(arguments: list[str] | None = None) -> int:
    """コマンドラインから呼ばれます。誤った引数と、測れなかった点があれば 1 を返します。"""
    parser = argparse.ArgumentParser(
        prog="python -m rnnbook.experiments",
        description="data/results/ の結果を作ります。",
    )
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("list", help="実験の一覧")
    one = commands.add_parser("run", help="実験を一つ実行します")
    one.add_argument("name", help="実験の名前")
    one.add_argument(
        "--quick", action="store_true", help="一部だけを測り直し、保存済みと比べます"
    )
    one.add_argument(
        "--jobs",
        type=int,
        default=joblib.cpu_count(),
        help="同時に学習する数（既定はコアの数）",
    )
    one.add_argument(
        "--backend",
        choices=BACKENDS,
        default="loky",
        help="点を配る先。dask は DASK_SCHEDULER_ADDRESS のクラスタへ送ります",
    )
    one.add_argument(
        "--keep",
        action="store_true",
        help="保存済みの表にある点は測らずに使い、ない点だけを測って加えます",
    )
    chosen = parser.parse_args(arguments)
    if chosen.command == "list":
        for name in names():
            print(f"{name}: {find(name).title}")
        return 0
    try:
        require_choice("name", chosen.name, names())
        require_positive_int("jobs", chosen.jobs)
    except (
        ValueError
    ) as error:  # 誤った引数だけを一行で言い、実験の中のエラーは経緯ごと見せます
        print(error, file=sys.stderr)
        return 1
    experiment = find(chosen.name)
    try:
        if chosen.quick:
            print(remeasure(experiment).to_string(index=False))
            return 0
        changed = run(experiment, chosen.jobs, chosen.backend, chosen.keep)
    except (BackendError, Incomplete) as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print(
            "止めました。同じコマンドで、済んだ点の続きから始まります。",
            file=sys.stderr,
        )
        return 130
    if changed:
        print("新しくなったファイル: " + ", ".join(changed))
        print("次に python -m rnnbook.data --write で SHA-256 を表に写します。")
    else:
        print("保存済みの結果と 1 バイトも違いません。")
    return 0


if __name__ == "__main__":
    sys.exit(main())
