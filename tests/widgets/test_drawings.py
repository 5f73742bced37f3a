"""つまみの出来事に、図が次の画面で一度だけ描いて応えること。

どれほど速いかは計算機とその混み具合によるので、ここでは描く回数を数えます。時間は
``make bench`` が、同じ実行で測る基準の計算との比で見ます。
"""

import pytest

SLIDERS = [
    ("unrolled", "再帰の重み"),
    ("lookback", "さかのぼる年数"),
    ("dial", "忘却ゲートのバイアス"),
    ("dial", "系列長"),
    ("length", "長さ"),
    ("length", "更新の回数"),
    ("gate_viewer", "文字"),
    ("gate_viewer", "ユニット"),
    ("microscope", "スペクトル半径"),
]

# つまみを events 回動かし、予約された描画の数、次の画面で絵が変わったか、その後の予約の数を返す
DRAWINGS = """async ([slider, events]) => {
  const svgs = [...slider.closest(".rnnbook-figure").querySelectorAll("svg")];
  const picture = () => svgs.map((svg) => svg.outerHTML).join();
  const real = window.requestAnimationFrame;
  const frame = () => new Promise((done) => real(() => setTimeout(done)));
  await frame();
  let asked = 0;
  window.requestAnimationFrame = (call) => { asked += 1; return real(call); };
  const before = picture();
  for (let n = 0; n < events; n += 1) {
    Number(slider.value) < Number(slider.max) ? slider.stepUp() : slider.stepDown();
    slider.dispatchEvent(new Event("input", { bubbles: true }));
  }
  const drawings = asked;
  await frame();
  const changed = picture() !== before;
  for (let n = 0; n < 3; n += 1) await frame();
  window.requestAnimationFrame = real;
  return [drawings, changed, asked - drawings];
}"""


@pytest.mark.parametrize(("name", "label"), SLIDERS)
def test_many_events_before_a_frame_are_drawn_once_and_in_that_frame(
    opened, name, label
):
    page = opened(name)
    slider = page.get_by_role("slider", name=label).first.element_handle()
    drawings, changed, later = page.evaluate(DRAWINGS, [slider, 1])
    assert drawings >= 1
    assert changed
    assert later == 0
    assert page.evaluate(DRAWINGS, [slider, 5]) == [drawings, True, 0]
