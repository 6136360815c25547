"""Work on all cores, told of in order."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

import numba
from threadpoolctl import threadpool_limits

Result = TypeVar("Result")


def in_threads(tasks: Iterable[Callable[[], Result]]) -> Iterator[Result]:
    """Do tasks, as many at a time as there are cores, and give what they return in the order of the tasks.

    Worth it for tasks that let go of the interpreter, as a compiled kernel and a matrix product do; matrix products
    keep to one core each meanwhile, since threads within threads wait for each other. Who stops asking ends the work
    after the tasks under way.
    """
    threads = numba.get_num_threads()
    pool = ThreadPoolExecutor(threads)
    running: deque[Future[Result]] = deque()
    try:
        with threadpool_limits(1, "blas"):
            for task in tasks:
                running.append(pool.submit(task))
                if len(running) > threads:  # one waits, so that no core does
                    yield running.popleft().result()
            while running:
                yield running.popleft().result()
    finally:
        pool.shutdown(cancel_futures=True)
