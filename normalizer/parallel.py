"""Mapping a function over a stream in several processes: in order, with a bounded number of items in flight."""

from __future__ import annotations

import multiprocessing
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")


def ordered_map(function: Callable[[T], R], items: Iterable[T], jobs: int) -> Iterator[R]:
    """``map`` over ``jobs`` processes. The function is pickled once a process, items one by one.

    >>> list(ordered_map(len, ["a", "bb"], 2))
    [1, 2]
    """
    pending: deque[Future[R]] = deque()
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(jobs, mp_context=context, initializer=_remember, initargs=(function,)) as pool:
        for item in items:
            pending.append(pool.submit(_call, item))  # type: ignore[arg-type]
            if len(pending) >= 4 * jobs:
                yield pending.popleft().result()
        while pending:
            yield pending.popleft().result()


_worker: dict[str, Callable[..., object]] = {}
"""A worker process's copy of the function; empty in every other process."""


def _remember(function: Callable[..., object]) -> None:
    _worker["function"] = function


def _call(item: object) -> object:
    return _worker["function"](item)
