"""ページの重さ、図が応えるまで、書くまで、章と遊び場の学習、章ごとの時間を測ります (``make bench``)。"""

import json
import sys

from rnnbook.workshop import (
    browser,
    decoding_time,
    execute,
    latency,
    playground_speed,
    redraw_time,
    serve,
    steps,
    training_speed,
    weight,
    writing_time,
)
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


def test_times() -> bool:
    """章ごとに試験を行い、かかった秒数を印字します。"""
    print("章の試験 (make test CHAPTER=NN)", flush=True)
    command = [sys.executable, "-m", "rnnbook.workshop.check"]
    passed = [
        steps.run(
            chapter.stem,
            [*command, f"--chapter={chapter.stem}"],
            f"bench-{chapter.stem}",
        )
        for chapter in execute.chapters(ROOT)
    ]
    return all(passed)


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
    print(flush=True)
    too_slow |= decoding_time.main()
    too_slow |= writing_time.main()
    print("\n学習の速さ（交互に測った比）", flush=True)
    training_speed.main()
    print(flush=True)
    too_slow |= playground_speed.main([])
    print(flush=True)
    too_slow |= redraw_time.main([])
    print(flush=True)
    passed = test_times()
    return int(too_slow or too_heavy or not passed)


if __name__ == "__main__":
    raise SystemExit(main())
