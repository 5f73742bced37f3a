"""ページの重さ、図が応えるまでの時間、組む時間、学習の速さを測って印字します (``make bench``)。"""

import json

from rnnbook.workshop import browser, execute, latency, serve, training_speed, weight
from rnnbook.workshop.environment import ROOT


def execution_times() -> str:
    """最後に実行したときの、章ごとの秒数。"""
    lines = ["章の実行 (秒、最後に実行したとき)"]
    for chapter in execute.chapters(ROOT):
        record = json.loads(
            execute.record_of(ROOT, chapter).read_text(encoding="utf-8")
        )
        lines.append(f"{record['seconds']:8.1f}  {chapter.stem}")
    return "\n".join(lines)


def main() -> int:
    if not (serve.SITE / "index.html").exists():
        print("サイトがまだありません。先に make book を実行してください。")
        return 1
    if browser.main() != 0:
        return 1
    print(f"\n{execution_times()}\n", flush=True)
    too_heavy = weight.main([str(serve.SITE)])
    print(flush=True)
    too_slow = latency.main([])
    print("\n学習の速さ（交互に測った比）", flush=True)
    training_speed.main()
    return too_slow or too_heavy


if __name__ == "__main__":
    raise SystemExit(main())
