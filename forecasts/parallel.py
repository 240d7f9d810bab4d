"""Run a function over many tasks at once."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from threadpoolctl import threadpool_limits

Task = TypeVar("Task")
Result = TypeVar("Result")

#: Threads, not processes: sorting, summing and boosting leave the interpreter to others meanwhile,
#: and a process would spend as long on its imports as on a hundred series.
_WORKERS = 2


def run_all(function: Callable[[Task], Result], tasks: Sequence[Task]) -> Iterator[Result]:
    """Yield `function(task)` in the order of the tasks, at most two ahead of whoever takes them.

    Numerical libraries keep to one thread each meanwhile: with more than there are cores they
    wait for each other.

    Args:
        function: What to run; it must not change what other tasks see.
        tasks: What to run it on.

    Yields:
        One result per task.
    """
    with threadpool_limits(limits=1):
        if len(tasks) < 2:
            yield from map(function, tasks)
            return
        with ThreadPoolExecutor(_WORKERS) as pool:
            waiting = [pool.submit(function, task) for task in tasks[:_WORKERS]]
            for place in range(len(tasks)):
                result = waiting.pop(0).result()
                if place + _WORKERS < len(tasks):
                    waiting.append(pool.submit(function, tasks[place + _WORKERS]))
                yield result
