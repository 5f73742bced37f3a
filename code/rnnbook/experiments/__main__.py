"""python -m rnnbook.experiments list | run NAME [--quick] [--jobs N] [--backend dask]"""

from __future__ import annotations

import argparse
import sys

import joblib

from rnnbook.experiments.backends import BACKENDS
from rnnbook.experiments.engine import find, names, remeasure, run


def main(arguments: list[str] | None = None) -> int:
    """命令行から呼ばれます。誤りがあれば 1 を返します。"""
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
    chosen = parser.parse_args(arguments)
    try:
        if chosen.command == "list":
            for name in names():
                print(f"{name}: {find(name).title}")
        elif chosen.quick:
            print(remeasure(chosen.name).to_string(index=False))
        else:
            changed = run(chosen.name, chosen.jobs, chosen.backend)
            if changed:
                print("新しくなったファイル: " + ", ".join(changed))
                print("次に python -m rnnbook.data --write で SHA-256 を表に写します。")
            else:
                print("保存済みの結果と 1 バイトも違いません。")
    except ValueError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("止めました。同じ命令で、済んだ点の続きから始まります。", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
