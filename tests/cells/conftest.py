"""手で書いたセルの試験が共に使う、数値微分と、重みの組の比較。"""

from dataclasses import fields, is_dataclass

import numpy as np
import pytest
import torch


@pytest.fixture(scope="session")
def central_differences():
    """loss(arrays) を、どの配列のどの成分についても中心差分で微分する関数。"""

    def differentiate(loss, arrays, epsilon=1e-6):
        numeric = {}
        for name, array in arrays.items():
            numeric[name] = np.empty_like(array)
            for index in np.ndindex(array.shape):
                plus, minus = array.copy(), array.copy()
                plus[index] += epsilon
                minus[index] -= epsilon
                difference = loss(arrays | {name: plus}) - loss(arrays | {name: minus})
                numeric[name][index] = difference / (2 * epsilon)
        return numeric

    return differentiate


@pytest.fixture(scope="module")
def float64():
    """試験のファイルの間、PyTorch のもとの型を替える。位置の波も float64 で計算させるため。"""
    before = torch.get_default_dtype()
    torch.set_default_dtype(torch.float64)
    yield
    torch.set_default_dtype(before)


@pytest.fixture(scope="session")
def agree():
    """重みの組（配列、組、dataclass）を、中の配列の名前ごとに比べる関数。"""

    def named(value, name=""):
        if isinstance(value, np.ndarray):
            return {name: value}
        parts = {}
        if isinstance(value, tuple):
            parts = {f"{name}[{k}]": part for k, part in enumerate(value)}
        elif is_dataclass(value):
            parts = {f"{name}.{f.name}": getattr(value, f.name) for f in fields(value)}
        return {
            k: v for key, part in parts.items() for k, v in named(part, key).items()
        }

    def compare(ours, theirs, tolerance):
        ours, theirs = named(ours), named(theirs)
        assert ours.keys() == theirs.keys() and ours
        for name, value in theirs.items():
            np.testing.assert_allclose(ours[name], value, atol=tolerance, err_msg=name)

    return compare
