"""Loops over faces on all cores."""

from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait

import numba


def in_parts(work: Callable[[int, int], None], total: int, part: int, tell: Callable[[int], None]) -> None:
    """Do ``work(start, stop)`` for all parts of ``range(total)``, as many at a time as there are cores.

    The work lets go of the interpreter (a compiled kernel does) and writes to places of its own, so that the answer
    does not depend on who comes first.

    Args:
        work: called in threads.
        total: length of the range.
        part: length of a part.
        tell: told how much is done, here; what it raises ends the work after the parts that are under way.
    """
    threads = numba.get_num_threads()
    with ThreadPoolExecutor(threads) as pool:
        running: set[Future[None]] = set()
        for number, start in enumerate(range(0, total, part)):
            if len(running) == threads:
                done, running = wait(running, return_when=FIRST_COMPLETED)
                for each in done:
                    each.result()
            tell(min(max(number - threads, 0) * part, total))
            running.add(pool.submit(work, start, min(start + part, total)))
        for each in running:
            each.result()
