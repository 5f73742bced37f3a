"""住所の fix と hide は、どの図のどのボタンにも、箱にも、一覧にも効きます。"""

import re

import pytest

from rnnbook.widgets.playground import Playground
from rnnbook.widgets.unrolled import Unrolled

# 絵の中のボタン。fix では動かなくなり、絵なので hide では消えない
PICTURES = ".rf-tasks, .rf-symbols, .rf-letters"

# それぞれのボタンを、はじめの状態で押す。変わった引数を固定しても押せるものと、隠しても見えるものを返す
PRESS = """(pictures) => {
  const body = document.querySelector(".rf-body");
  for (const fold of body.querySelectorAll("details")) fold.open = true;
  const names = model.get("_properties").map(({ name }) => name);
  const start = Object.fromEntries(names.map((name) => [name, model.get(name)]));
  const hold = (fix, hide) => model.set("_held", { fix, hide });
  const reset = () => { hold([], []); for (const name of names) model.set(name, start[name]); };
  const seen = (node) => node.checkVisibility();
  const found = { pressed: 0, moving: [], unhidden: [] };
  const groups = new Map(); // 同じ枠に並ぶボタンは、同じ引数を変える
  for (const node of body.querySelectorAll("button")) {
    if (!seen(node)) continue;
    node.click();
    const changed = names.filter((name) => JSON.stringify(model.get(name)) !== JSON.stringify(start[name]));
    reset();
    if (!changed.length || !seen(node)) continue;
    const group = groups.get(node.parentElement) ?? { nodes: [], changed: new Set() };
    groups.set(node.parentElement, group);
    group.nodes.push(node);
    for (const name of changed) group.changed.add(name);
  }
  for (const { nodes, changed } of groups.values()) {
    hold([...changed], []);
    found.pressed += nodes.length;
    found.moving.push(...nodes.filter((node) => !node.disabled && node.getAttribute("aria-disabled") !== "true").map((node) => [node.innerText, ...changed]));
    hold([], [...changed]);
    found.unhidden.push(...nodes.filter((node) => seen(node) && !node.closest(pictures)).map((node) => [node.innerText, ...changed]));
    reset();
  }
  hold(names, []);
  found.moving.push(...[...body.querySelectorAll("input[type=range], select, textarea, .rf-choice input, .rf-checks input, .rf-typed input")]
    .filter((node) => seen(node) && !node.disabled).map((node) => node.outerHTML));
  return found;
}"""


@pytest.fixture
def pressed(page, mount_script, traits_of, idle):
    """pressed(figure) は、図のボタンを一つずつ押して、fix と hide の効き方を調べます。"""

    def press(figure) -> dict:
        page.evaluate(mount_script, [figure._esm, figure._css, traits_of(figure)])
        idle(page)
        return page.evaluate(PRESS, PICTURES)

    return press


def test_what_changes_a_property_is_stopped_by_fix_and_gone_by_hide(
    kind, make, pressed
):
    found = pressed(make(kind))
    assert found["moving"] == []
    assert found["unhidden"] == []


@pytest.mark.parametrize("figure", [Unrolled(t=3), Playground()], ids=str)
def test_the_check_above_presses_buttons_that_change_something(pressed, figure):
    assert pressed(figure)["pressed"] >= 2


def test_a_part_the_figure_itself_shows_again_stays_hidden(
    page, mount_script, traits_of
):
    figure = Playground(cell="lstm")
    page.evaluate(mount_script, [figure._esm, figure._css, traits_of(figure)])
    chosen = page.get_by_label(re.compile("はじめの bf"))
    chosen.wait_for()
    page.evaluate("model.set('_held', { fix: [], hide: ['b_f'] })")
    page.evaluate("model.set('T', 30)")  # 描き直しても
    page.evaluate(
        "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
    )
    assert not chosen.is_visible()
