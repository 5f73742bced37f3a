"""結果の出どころ: 何を、どのコードとバージョンで、いつ測ったかの記録（data/results/NAME.json）。"""

from __future__ import annotations

import hashlib
import json
import platform
import subprocess
from collections.abc import Collection
from datetime import date
from pathlib import Path


def git_commit(root: Path) -> str | None:
    """root のコミット。コードやデータに書き換えがあれば「+変更あり」を付けます。git がなければ None です。

    data/ の結果とその一覧は、測った後に変わるものなので、書き換えに数えません。
    """
    ours = ("code", "data", ":!data/results", ":!data/README.md")
    try:
        commit, changes = (
            subprocess.run(
                ["git", *command], cwd=root, check=True, capture_output=True, text=True
            ).stdout.strip()
            for command in (
                ("rev-parse", "HEAD"),
                ("status", "--porcelain", "--", *ours),
            )
        )
    except (OSError, subprocess.CalledProcessError):
        return None
    return f"{commit}+変更あり" if changes else commit


def this_cpu() -> str:
    """この計算機の CPU の名。

    例:
        >>> this_cpu().startswith("CPU ")
        True
    """
    return f"CPU {platform.machine()} ({platform.system()})"


def describe(texts: dict[str, str], empty: Collection[str]) -> dict[str, dict]:
    """表ごとの、SHA-256 と、空でよい列。"""
    return {
        f"{name}.csv": {
            "sha256": hashlib.sha256(text.encode()).hexdigest(),
            "empty": [column for column in _columns(text) if column in empty],
        }
        for name, text in texts.items()
    }


def belongs(path: Path, tables: dict[str, dict]) -> bool:
    """path の記録が、いま得た表のものか。壊れた記録や、別の表の記録なら偽です。"""
    try:
        return json.loads(path.read_text(encoding="utf-8"))["tables"] == tables
    except (OSError, ValueError, KeyError, TypeError):
        return False


def provenance(
    experiment,
    outcomes,
    tables: dict[str, dict],
    source: str,
    versions: dict[str, str],
    commit: str | None,
    seconds: float,
    resumed: bool,
    before: Path,
) -> str:
    """記録の JSON。source と versions は、途中の結果を続きに使ってよいかを決めるものと同じです。

    保存済みの表から取った点があれば、kept に、その数と、前の記録 before を残します。ほかの欄は、
    いま測った点のものです（points と seeds は、すべての点のものです）。
    """
    seeds = {
        outcome.point["seed"] + k
        for outcome in outcomes
        for k in range(outcome.point.get("seeds", 1))
    }
    kept = sum(outcome.kept for outcome in outcomes)
    record = {
        "experiment": experiment.name,
        "title": experiment.title,
        "command": f"python -m rnnbook.experiments run {experiment.name}",
        "points": len(outcomes),
        "seeds": sorted(seeds),
        "tables": tables,
        "source": source,  # コードとバージョンの SHA-256
        "commit": commit,
        "versions": versions,
        "device": experiment.device(),
        "date": date.today().isoformat(),
        "seconds": round(seconds),
        "resumed": resumed,  # 真なら、seconds は最後に続けた分だけです
    }
    if kept:
        was = json.loads(before.read_text(encoding="utf-8"))
        same = ("experiment", "title", "command")
        record["kept"] = {"points": kept} | {
            "record": {key: was[key] for key in was if key not in same}
        }
    return json.dumps(record, ensure_ascii=False, indent=2) + "\n"


def _columns(text: str) -> list[str]:
    return text.partition("\n")[0].split(",")
