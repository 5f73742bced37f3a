"""保存してある核（WebAssembly）は、いまの C から、書かれたコマンドでできたものである。"""

import json

import pytest

from rnnbook.workshop import kernels

REMEDY = "kernels.c を変えたら、make kernels で kernels.wasm と kernels.json を作り直してください。"


def test_the_stored_module_belongs_to_the_stored_source():
    stored = json.loads(kernels.RECORD.read_text(encoding="utf-8"))
    assert stored == kernels.record(), REMEDY


def test_the_compiler_makes_the_stored_module_again_byte_by_byte(tmp_path):
    if not kernels.is_installed():
        pytest.skip(f"コンパイラー {kernels.COMPILER} がありません。make kernels が _build に入れます。")  # fmt: skip
    kernels.compile_to(tmp_path / "again.wasm")
    assert (tmp_path / "again.wasm").read_bytes() == kernels.MODULE.read_bytes(), REMEDY
