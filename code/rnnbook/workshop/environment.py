"""章を実行するときの環境。どの計算機でも、ページ、保存された出力、試験が同じになるように。

pytest の差し込み (pyproject.toml の ``-p rnnbook.workshop.environment``) としても働き、
``pytest --nbval chapters/`` を直接呼んでも、本を組むときと同じ環境で章が動きます。
"""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]


def kernel_environment(root: Path = ROOT) -> dict[str, str]:
    """章のカーネルに渡す環境変数。"""
    private = ROOT / "_build" / ".home"
    return {
        # 小さな RNN は、混んだ計算機では 1 スレッドが最も速く、足し算の順も決まります。
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "MKL_NUM_THREADS": "1",
        "TF_NUM_INTRAOP_THREADS": "1",
        "TF_NUM_INTEROP_THREADS": "1",
        # 本は GPU のない計算機の結果を載せます。
        "CUDA_VISIBLE_DEVICES": "",
        # TensorFlow の起動時の記録と tqdm の進み具合は、読者に見せる出力ではありません。
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "TF_ENABLE_ONEDNN_OPTS": "0",
        "TQDM_DISABLE": "1",
        "KERAS_BACKEND": "tensorflow",
        "PYTHONHASHSEED": "0",
        "PYTHONUTF8": "1",
        "PYDEVD_DISABLE_FILE_VALIDATION": "1",
        "PYTHONPATH": str(root / "code"),
        # 利用者の手元の設定 (IPython の起動ファイル、matplotlibrc) に左右されないように。
        "IPYTHONDIR": str(private / "ipython"),
        "MPLCONFIGDIR": str(private / "matplotlib"),
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
    }


def prepare(root: Path = ROOT) -> dict[str, str]:
    """カーネルの環境を整え、環境変数の全体を返します。

    matplotlib は初めての計算機で書体の一覧を作り、そのことを標準エラーに書きます。
    章の出力に混ざらないように、先に作らせておきます。
    """
    environment = {**os.environ, **kernel_environment(root)}
    Path(environment["IPYTHONDIR"]).mkdir(parents=True, exist_ok=True)
    fonts = Path(environment["MPLCONFIGDIR"])
    if not list(fonts.glob("fontlist-*.json")):
        fonts.mkdir(parents=True, exist_ok=True)
        subprocess.run(
            [sys.executable, "-c", "import matplotlib.font_manager"],
            env={**environment, "MPLBACKEND": "agg"},
            stderr=subprocess.DEVNULL,
            check=False,
        )
    return environment


def pytest_configure(config) -> None:
    """nbval が立てるカーネルに、本を組むときと同じ環境を渡します。"""
    if getattr(config.option, "nbval", False):
        from nbval.kernel import RunningKernel

        os.environ.update(prepare())
        RunningKernel.execute_cell_input = _execute_with_history


def pytest_collectstart(collector) -> None:
    """主張の測った値は、計算機が替わると変わるので、nbval は比べません (reading/claims.py)。"""
    patterns = getattr(collector, "sanitize_patterns", None)
    if patterns is not None:
        from rnnbook.reading.claims import MEASURED

        patterns[MEASURED] = r"\1…\2"


def _execute_with_history(self, cell_input: str, allow_stdin=None) -> str:
    """nbval は履歴に残さずにセルを動かすので、行末の ``;`` が図の名を隠しません。

    JupyterLab や本と同じく、履歴に残して動かします。
    """
    return self.kc.execute(cell_input, allow_stdin=allow_stdin, stop_on_error=False)


def fingerprint(path: Path) -> str | None:
    """ファイルの SHA-256。フォルダなら中の名前の一覧の、なければ ``None`` です。"""
    try:
        if path.is_dir():
            return hashlib.sha256(
                "\n".join(sorted(os.listdir(path))).encode()
            ).hexdigest()
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except FileNotFoundError:
        return None
