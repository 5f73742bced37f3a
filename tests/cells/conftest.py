"""手で書いたセルの試験が共に使う、数値微分。"""

import numpy as np
import pytest


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
