"""Run a function over many tasks in two processes, or in this one where that is wiser."""

import logging
import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import TypeVar

Task = TypeVar("Task")
Result = TypeVar("Result")

_WORKERS = 2

_log = logging.getLogger(__name__)


def run_all(
    function: Callable[[Task], Result], tasks: Sequence[Task], parallel: bool
) -> Iterator[Result]:
    """Yield `function(task)` in the order of the tasks.

    Workers are spawned, never forked: a fork of a process with threads and open databases, as an
    orchestrator's is, can hang. Where processes cannot be spawned (a daemon worker, a program
    read from standard input) the rest runs here.

    Args:
        function: Importable by name, as are its arguments.
        tasks: What to run it on.
        parallel: Whether the work repays the start of processes (about 3 s each).

    Yields:
        One result per task.
    """
    done = 0
    if parallel and not multiprocessing.current_process().daemon:
        context = multiprocessing.get_context("spawn")
        pool = ProcessPoolExecutor(max_workers=_WORKERS, mp_context=context)
        try:
            for result in pool.map(function, tasks):
                done += 1
                yield result
        except BrokenProcessPool:
            _log.warning("no worker processes here; forecasting the rest in this process")
        finally:
            pool.shutdown(wait=True, cancel_futures=True)
    for task in tasks[done:]:
        yield function(task)
