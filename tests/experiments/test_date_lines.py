"""実験 date_lines: 表はそろい、試験は隠した日だけで、採点は日付ごとの一致です。"""

import numpy as np
import torch

from rnnbook.data import load
from rnnbook.experiments import date_lines as experiment
from rnnbook.models.seq2seq import Seq2Seq
from rnnbook.tasks import date_lines
from rnnbook.tasks.date_split import unseen_days

TABLE = load("date_lines")


def test_the_grid_is_complete():
    places = TABLE.groupby(["seed", "dates"])["place"].apply(list)
    assert len(places) == len(experiment.SEEDS) * len(experiment.COUNTS)
    for (_, count), found in places.items():
        assert found == list(range(count + 1))


def test_a_line_is_right_at_most_as_often_as_each_of_its_dates():
    for _, rows in TABLE.groupby(["seed", "dates"]):
        whole = rows.loc[rows["place"] == 0, "right"].item()
        assert (rows["right"] >= whole).all()


def test_the_lines_say_the_same_days_and_the_test_is_made_of_hidden_days():
    for part in ("train", "test"):
        x, y, lengths = date_lines.batch(np.random.default_rng(3), 40, 3, part)
        for row, answer, length in zip(x, y, lengths, strict=True):
            read = date_lines.SOURCE.decode(row[:length]).split(date_lines.MARK)
            wrote = date_lines.TARGET.decode(answer).split(date_lines.MARK)
            assert len(read) == len(wrote) == 3
            for source, target in zip(read, wrote, strict=True):
                written = date_lines.dates.read(source)
                verdict = date_lines.eras.judge(*written[1:])
                assert (verdict.written, verdict.refusal) == (target, None)
                day = tuple(map(int, target.split("-")))
                assert (day in unseen_days()) == (part == "test")


def test_each_date_is_marked_by_itself(monkeypatch):
    model = Seq2Seq(len(date_lines.SOURCE), len(date_lines.TARGET), H=4)
    _, y, _ = date_lines.batch(np.random.default_rng(2), 10, 2, "test")
    wrong = torch.from_numpy(y)
    wrong[:4, 3] += 1  # はじめの日付を四つ
    wrong[2:5, -2] += 1  # 終わりの日付を三つ
    monkeypatch.setattr(model, "greedy", lambda *_: wrong)
    assert experiment.score(model, 2, lines=10) == [5, 6, 7]


def test_a_loss_outside_the_stored_spread_is_a_disagreement():
    point = experiment.EXPERIMENT.quick[0]
    assert not experiment.compare([(point, {"loss": [9.0]})])["一致"].iloc[0]
