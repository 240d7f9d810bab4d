"""Run a function over many tasks at once."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from typing import TypeVar

from threadpoolctl import threadpool_limits

Task = TypeVar("Task")
Result = TypeVar("Result")

#: Threads, not processes: sorting, summing and boosting leave the interpreter to others meanwhile,
#: and a process would spend as long on its imports as on a hundred series.
_WORKERS = 2


def run_all(
    function: Callable[[Task], Result], tasks: Iterable[Task]
) -> Iterator[tuple[Task, Result]]:
    """Yield each task with `function(task)`, in the order of the tasks.

    A task is taken when a worker is free for it: what it holds is not in memory before, and what
    came of it not after whoever asked has let it go. Numerical libraries keep to one thread each
    meanwhile: with more than there are cores they wait for each other.

    Args:
        function: What to run; it must not change what other tasks see.
        tasks: What to run it on.

    Yields:
        Tasks and their results.
    """
    coming = iter(tasks)
    with threadpool_limits(limits=1), ThreadPoolExecutor(_WORKERS) as pool:
        waiting = deque((task, pool.submit(function, task)) for task in islice(coming, _WORKERS))
        while waiting:
            task, future = waiting.popleft()
            result = future.result()
            waiting.extend((t, pool.submit(function, t)) for t in islice(coming, 1))
            yield task, result
