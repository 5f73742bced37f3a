# 終わりの長い一行は、この章が使う本のコードとデータです。このセルが、隣のフォルダーに取り出します。
# 通信は要りません。何度実行しても同じで、書き換えたファイルも上書きしません。
import base64
import importlib.util
import io
import os
import subprocess
import sys
import tarfile
from pathlib import Path


def take_out(packed, folder):
    """packed (base85 で書いた tar.xz) を folder に取り出し、書き換えられていたファイルの名を返します。

    ないファイルは、別の名で書き終えてから置きます。途中までのファイル (中身が初めの部分と
    同じもの) は置き直します。ほかに中身の違うものは、読者のものなので、そのままにします。
    """
    kept = []
    content = io.BytesIO(base64.b85decode(packed))
    with tarfile.open(fileobj=content, mode="r:xz") as archive:
        for member in archive:
            path, body = folder / member.name, archive.extractfile(member).read()
            found = path.read_bytes() if path.exists() else None
            if found is not None and not body.startswith(found):
                kept.append(member.name)
            elif found != body:
                path.parent.mkdir(parents=True, exist_ok=True)
                half = path.with_name(f"{path.name}.{os.getpid()}")
                half.write_bytes(body)
                os.replace(half, path)
    return kept


def missing(needed):
    """needed (モジュールの名 → 入れるときの名) のうち、ここにないもの。Colab では書体を入れてみます。"""
    found = [name for name in needed if importlib.util.find_spec(name) is None]
    if "google.colab" in sys.modules and "japanize_matplotlib" in found:
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps"]
        subprocess.run([*pip, "japanize-matplotlib"], capture_output=True)
        importlib.invalidate_caches()
        found = [name for name in needed if importlib.util.find_spec(name) is None]
    return " ".join(needed[name] for name in found)


def begin(folder, needed, packed):
    """章を始められるようにします。できなければ、何をすればよいかを一文で述べて止まります。"""
    if sys.version_info < (3, 11):
        raise SystemExit(
            "この章には、Python 3.11 か、それより新しい Python が要ります。"
        )
    if names := missing(needed):
        raise SystemExit(
            f"この章が使うライブラリがありません。%pip install {names} を"
            "新しいセルで実行してから、このセルをもう一度実行してください。"
        )
    try:
        kept = take_out(packed, Path(folder))
    except OSError as error:
        raise SystemExit(
            f"フォルダー {folder} に、本のコードとデータを取り出せません ({error})。"
            "書き込めるフォルダーにノートブックを移すか、同じ名のものを除いてから、"
            "このセルをもう一度実行してください。"
        ) from None
    if kept:
        print(
            f"書き換えられている次のファイルは、そのまま使います: {'、'.join(kept)}。"
            f"{folder} から除いてこのセルを実行すると、元のものに戻ります。"
        )
    code = os.path.abspath(os.path.join(folder, "code"))
    if code not in sys.path:
        sys.path.insert(0, code)
    importlib.invalidate_caches()
