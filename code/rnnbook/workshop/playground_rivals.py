"""遊び場の学習と速さを比べる相手: 同じ更新を行う TensorFlow.js と PyTorch。

playground_speed が使います。TensorFlow.js は測るためだけに、npm から ``_build`` に取ります。
"""

from __future__ import annotations

import shutil
import subprocess
import tarfile
from collections.abc import Callable

import torch
from torch import nn
from torch.nn.functional import cross_entropy

from rnnbook.models.min_gru import MinGRU
from rnnbook.workshop.environment import ROOT

TFJS = ROOT / "_build" / "tfjs"
PACKAGES = ("tfjs", "tfjs-backend-wasm")
VERSION = "4.22.0"

# TensorFlow.js の更新。層のある LSTM、GRU、RNN は tf.layers、minGRU は tf の演算で書く
THEIRS = """async ({ cell, T, H, B, D, O, rate, clip, backend }) => {
  await tf.setBackend(backend);
  await tf.ready();
  const x = tf.randomUniform([B, T, D], -1, 1);
  const y = tf.oneHot(tf.randomUniform([B], 0, O, "int32"), O);
  const layer = { rnn: "simpleRNN", lstm: "lstm", gru: "gru" }[cell];
  const model = layer && tf.sequential({ layers: [
    tf.layers[layer]({ units: H, inputShape: [T, D], recurrentInitializer: "glorotUniform" }),
    tf.layers.dense({ units: O }),
  ] });
  const weight = (...shape) => tf.variable(tf.randomUniform(shape, -0.2, 0.2));
  const [W, b, V, c] = model ? [] : [weight(D, 2 * H), weight(2 * H), weight(H, O), weight(O)];
  function minGru() {
    // 全時刻の z と h̃ を一度に求め、h_t = (1 − z_t) h_{t−1} + z_t h̃_t を順に
    const [k, candidate] = x.reshape([B * T, D]).matMul(W).add(b).reshape([B, T, 2 * H]).split(2, 2);
    const z = k.sigmoid();
    const [keep, enter] = [tf.sub(1, z).unstack(1), z.mul(candidate).unstack(1)];
    let h = enter[0];
    for (let t = 1; t < T; t += 1) h = keep[t].mul(h).add(enter[t]);
    return h.matMul(V).add(c);
  }
  const loss = () => tf.losses.softmaxCrossEntropy(y, model ? model.apply(x, { training: true }) : minGru());
  const optimizer = tf.train.adam(rate);
  window.jobs = { [backend]: () => tf.tidy(() => {
    const { value, grads } = tf.variableGrads(loss);
    const norm = tf.sqrt(tf.addN(Object.values(grads).map((g) => g.square().sum())));
    const scale = tf.minimum(1, tf.div(clip, norm.add(1e-6)));
    optimizer.applyGradients(Object.fromEntries(Object.entries(grads).map(([name, g]) => [name, g.mul(scale)])));
    return value.dataSync()[0];
  }) };
}"""


def tensorflow_js() -> bool:
    """TensorFlow.js を _build に置き、あるかどうかを返します。"""
    if all((TFJS / name).is_dir() for name in PACKAGES):
        return True
    if shutil.which("npm") is None:
        return False
    TFJS.mkdir(parents=True, exist_ok=True)
    for name in PACKAGES:
        command = ["npm", "pack", f"@tensorflow/{name}@{VERSION}"]
        packed = subprocess.run(command, cwd=TFJS, capture_output=True, check=False)
        if packed.returncode != 0:
            return False
        file = TFJS / f"tensorflow-{name}-{VERSION}.tgz"
        with tarfile.open(file) as archive:
            archive.extractall(TFJS / f"{name}.part", filter="data")
        (TFJS / f"{name}.part" / "package").rename(TFJS / name)
        file.unlink()
    return True


class Net(nn.Module):
    """PyTorch の同じネットワーク。"""

    def __init__(self, cell: str, D: int, H: int, O: int, readout: str) -> None:
        super().__init__()
        kinds = {"rnn": nn.RNN, "lstm": nn.LSTM, "gru": nn.GRU}
        self.layer = kinds[cell](D, H) if cell in kinds else MinGRU(D, H)
        self.out = nn.Linear(H, O)
        self.mix = nn.Linear(2 * H, H) if readout == "attention" else None

    def forward(self, x: torch.Tensor) -> torch.Tensor:  # x (T, B, D)
        if isinstance(self.layer, MinGRU):
            h = self.layer(x.transpose(0, 1)).transpose(0, 1)
        else:
            h = self.layer(x)[0]
        return self.out(h[-1] if self.mix is None else self.attend(h))

    def attend(self, h: torch.Tensor) -> torch.Tensor:
        """終わりの h_T で、それより前の h (T − 1, B, H) を見比べた m (B, H)。"""
        past, last = h[:-1].transpose(0, 1), h[-1]
        alpha = torch.einsum("bth,bh->bt", past, last).softmax(-1)
        h_bar = torch.einsum("bt,bth->bh", alpha, past)
        return self.mix(torch.cat([h_bar, last], -1)).tanh()


def torch_step(cell, T, B, D, H, O, rate, clip, readout="last") -> Callable[[], float]:
    """PyTorch の一回の更新。"""
    net = Net(cell, D, H, O, readout)
    parameters = list(net.parameters())
    optimizer = torch.optim.Adam(parameters, lr=rate, fused=True)
    x, y = torch.randn(T, B, D), torch.randint(0, O, (B,))

    def step() -> float:
        optimizer.zero_grad()
        loss = cross_entropy(net(x), y)
        loss.backward()
        nn.utils.clip_grad_norm_(parameters, clip)
        optimizer.step()
        return loss.item()

    return step
