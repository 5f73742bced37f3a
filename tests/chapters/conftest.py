"""まだ約束を満たしていない章の一覧。仕上がった本では、空です。

ここに挙げた試験は、落ちることになっています。章が約束を満たすと「通ってしまった」と言って
落ちるので、その行を消してください。
"""

import pytest

NOT_YET: dict[str, tuple[str, ...]] = {}


def pytest_collection_modifyitems(items):
    for item in items:
        name, _, chapter = item.name.rstrip("]").partition("[")
        if chapter in NOT_YET.get(name, ()):
            reason = "満たされたら tests/chapters/conftest.py の NOT_YET から消します"
            mark = pytest.mark.xfail(raises=AssertionError, strict=True, reason=reason)
            item.add_marker(mark)
