"""格子の点を配る先: この計算機のプロセス（loky）か、Dask のクラスタ（dask）。"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import joblib

from rnnbook.arguments import require_choice, require_positive_int

BACKENDS = ("loky", "dask")


class BackendError(ValueError):
    """点を配る先を用意できない。"""


@contextmanager
def using(backend: str, jobs: int) -> Iterator[None]:
    """この中の joblib.Parallel の点を backend へ送ります。

    "dask" の送り先は、環境変数 DASK_SCHEDULER_ADDRESS のクラスタです。なければ、
    この計算機にワーカーが jobs 個のクラスタを作ります。乱数の種はプロセスに一つなので、
    ワーカーは 1 スレッドのものに限ります。測っている途中でワーカーが落ちると、joblib はその点を
    待ち続けます。止めて同じコマンドで始めれば、測れた点の続きからになります。
    """
    require_choice("backend", backend, BACKENDS)
    require_positive_int("jobs", jobs)
    if backend == "loky":
        with joblib.parallel_config(backend="loky", inner_max_num_threads=1):
            yield
        return
    try:
        import dask
        from dask.distributed import Client, LocalCluster
    except ImportError as error:
        raise BackendError(
            "backend が dask のときは、pip install distributed が要ります。"
        ) from error
    address = dask.config.get("scheduler-address", None)
    with ExitStack() as stack:
        if not address:
            address = stack.enter_context(
                LocalCluster(
                    n_workers=jobs, threads_per_worker=1, dashboard_address=None
                )
            )
        client = stack.enter_context(Client(address))
        threads = max(client.nthreads().values(), default=1)
        if threads > 1:
            raise BackendError(
                "Dask のワーカーは 1 スレッドで動かします（--nthreads 1）。"
                f"{threads} スレッドのワーカーがありました。"
            )
        with joblib.parallel_config(backend="dask"):
            yield
