"""引数の表: でたらめな状態が、住所とコードを通って、同じ状態に戻ります。"""

import importlib
import json

import pytest

from rnnbook.widgets.forget_dial import ForgetDial
from rnnbook.widgets.kit.figure import Figure
from rnnbook.widgets.unrolled import Unrolled

SEEDS = range(25)

# 状態の並び → [住所, 読み戻した状態, Python の一行] の並び
ROUND_TRIP = """async ([traits, states]) => {
  const { Model } = await import("/kit/page_model.js");
  const { parseAddress, readState } = await import("/kit/address.js");
  const { pythonLine } = await import("/kit/properties.js");
  return states.map((state) => {
    const model = new Model(structuredClone(traits), "name-2");
    for (const [name, value] of Object.entries(state)) model.set(name, value);
    const address = new URL(model.address(), "https://example.org/page.html").hash;
    return [address, readState(model.table, parseAddress(address).get("name-2")), pythonLine(model)];
  });
}"""


def traits_of(figure: Figure) -> dict:
    """ページに残る値のうち、表に関わるもの。"""
    names = ["_properties", "_python", *(prop.name for prop in figure.table())]
    return json.loads(json.dumps({name: getattr(figure, name) for name in names}))


@pytest.fixture
def trips(bench, kind, random_state):
    """でたらめな状態にした図と、その往復を、一つずつ。はじめの値も、でたらめです。"""
    figure = kind(**random_state(kind, 1000))
    states = [random_state(kind, seed) for seed in SEEDS]
    found = bench.evaluate(ROUND_TRIP, [traits_of(figure), states])

    def each():
        for state, trip in zip(states, found, strict=True):
            for name, value in state.items():
                setattr(figure, name, value)
            yield figure, trip

    return each()


def test_a_random_state_goes_out_to_the_address_and_comes_back(trips, shown_state):
    for figure, (address, read, _) in trips:
        wanted = shown_state(figure)
        assert read["faults"] == [], address
        assert {name: read["values"][name] for name in wanted} == wanted, address
        assert all(each not in address for each in "() \"'<>[]"), address


def test_the_line_of_code_on_the_page_is_the_representation_in_python(trips):
    for figure, (_, _, line) in trips:
        assert line == repr(figure)


def test_the_line_of_code_makes_the_same_figure(kind, random_state, shown_state):
    for seed in (1, 2, 3):
        figure = kind(**random_state(kind, seed))
        made = eval(repr(figure), {kind.__name__: kind})
        assert shown_state(made) == shown_state(figure)


def test_the_code_imports_the_class_by_its_public_name(any_kind, make):
    told = make(any_kind)._python
    room = importlib.import_module(told["module"])
    assert getattr(room, told["name"]) is any_kind


READ = """async ([traits, address]) => {
  const { Model } = await import("/kit/page_model.js");
  const { parseAddress, readState } = await import("/kit/address.js");
  return readState(new Model(traits).table, parseAddress(address).get("f") ?? []);
}"""


@pytest.mark.parametrize(
    ("address", "values", "fault"),
    [
        ("#f.w_hh=0.5&f.T=7", {"w_hh": 0.5, "T": 7}, None),
        ("#f.w_hh=0.5&T=7", {"w_hh": 0.5, "T": 7}, None),
        ("#f.w_hh=−0.5", {"w_hh": -0.5}, None),
        ("#f.w_hh=9&T=7", {"w_hh": 0.9, "T": 7}, "w_hh は −1.5 から 1.5 までの数です"),
        ("#f.w_hh=NaN", {"w_hh": 0.9}, "（住所にあったのは「NaN」）"),
        ("#f.w_hh=", {"w_hh": 0.9}, "（住所にあったのは「」）"),
        ("#f.w_hh=0x1", {"w_hh": 0.9}, "「0x1」"),
        ("#f.T=2.5", {"T": 10}, "T は 1 から 30 までの整数です"),
        ("#f.T=5&t=6", {"T": 5, "t": 1}, "t は 1 から 5 までの整数です"),
        ("#f.x=step", {"x": "impulse"}, "impulse、constant、sine、drawn のどれか"),
        ("#f.x=%E3%8", {"x": "impulse"}, "「%E3%8」"),
        ("#f.drawn=0,2", {"drawn": [0.0] * 30}, "30 個までの並び"),
        ("#f.ghost=1&T=7", {"T": 7}, "「ghost」という引数はありません"),
        ("#f.__proto__=1&T=7", {"T": 7}, "「__proto__」という引数はありません"),
        ("#f.T=7&g.T=8&T=9", {"T": 7}, None),
    ],
)
def test_what_cannot_be_read_is_left_out_and_named(bench, address, values, fault):
    read = bench.evaluate(READ, [traits_of(Unrolled()), address])
    assert {name: read["values"][name] for name in values} == values
    if fault is None:
        assert read["faults"] == []
    else:
        assert len(read["faults"]) == 1
        assert fault in read["faults"][0]


def test_a_name_of_the_table_may_not_be_invented():
    with pytest.raises(ValueError, match=r"引数 name は、英字で始まる.*'二つ目' が"):
        Unrolled(name="二つ目")
    assert ForgetDial(name="dial-2").name == "dial-2"
    assert ForgetDial().name == "forget_dial"
