"""Colab のカーネルのように、章より先に google.colab を読み込んでおきます。"""

import google.colab  # noqa: F401
