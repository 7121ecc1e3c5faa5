"""Mapping a function over a stream in several processes: in order, with a bounded number of items in flight."""

from __future__ import annotations

import gc
import multiprocessing
import multiprocessing.connection
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import Generic, TypeVar

T = TypeVar("T")
R = TypeVar("R")


def ordered_map(
    function: Callable[[T], R],
    items: Iterable[T],
    jobs: int,
    *,
    on_crash: Callable[[T], R] | None = None,
    ahead: int = 4,
) -> Iterator[R]:
    """``map`` over ``jobs`` processes. The function is pickled once a process, items one by one.

    At most ``ahead`` items per process are read ahead, so that one slow item does not keep the other processes waiting.

    When a process dies (killed, out of memory), the item it died of gets its result from ``on_crash`` and the others go
    on; without ``on_crash``, ``BrokenProcessPool`` is raised. Workers end with their parent, however that ends.

    >>> list(ordered_map(len, ["a", "bb"], 2))
    [1, 2]
    """
    workers = _Workers(function, jobs, on_crash)
    try:
        for item in items:
            workers.submit(item)
            if len(workers.pending) >= ahead * jobs:
                yield workers.take()
        while workers.pending:
            yield workers.take()
    finally:
        workers.pool.shutdown(wait=True, cancel_futures=True)


def isolated(function: Callable[[T], R], item: T) -> R:
    """Call ``function`` in a process of its own. Raises ``BrokenProcessPool`` when that process dies.

    >>> isolated(len, "abc")
    3
    """
    with _pool(function, 1) as pool:
        return pool.submit(_call, item).result()  # type: ignore[return-value]


class _Workers(Generic[T, R]):
    """A pool that is renewed when it breaks, and the items it works on."""

    def __init__(self, function: Callable[[T], R], jobs: int, on_crash: Callable[[T], R] | None) -> None:
        self.function, self.jobs, self.on_crash = function, jobs, on_crash
        self.pool = _pool(function, jobs)
        self.pending: deque[tuple[T, Future[R]]] = deque()

    def submit(self, item: T) -> None:
        try:
            future: Future[R] = self.pool.submit(_call, item)  # type: ignore[arg-type]
        except BrokenProcessPool:
            if self.on_crash is None:
                raise
            future = Future()
            future.set_exception(BrokenProcessPool())
        self.pending.append((item, future))

    def take(self) -> R:
        item, future = self.pending.popleft()
        try:
            return future.result()
        except BrokenProcessPool:
            if self.on_crash is None:
                raise
        self._renew()
        try:
            return isolated(self.function, item)
        except BrokenProcessPool:
            return self.on_crash(item)

    def _renew(self) -> None:
        self.pool.shutdown(wait=True)
        self.pool = _pool(self.function, self.jobs)
        waiting, self.pending = self.pending, deque()
        for item, future in waiting:
            if future.done() and not future.cancelled() and future.exception() is None:
                self.pending.append((item, future))
            else:
                self.submit(item)


def _pool(function: Callable[..., object], jobs: int) -> ProcessPoolExecutor:
    context = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(jobs, mp_context=context, initializer=_remember, initargs=(function,))


_worker: dict[str, Callable[..., object]] = {}
"""A worker process's copy of the function; empty in every other process."""


def _remember(function: Callable[..., object]) -> None:
    """Set up a worker: Ctrl-C is for the parent to handle, and a parent that is killed takes its workers along."""
    _worker["function"] = function
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_follow_parent, daemon=True).start()


def _follow_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        multiprocessing.connection.wait([parent.sentinel])
        os._exit(1)


def _call(item: object) -> object:
    result = _worker["function"](item)
    if gc.get_freeze_count() == 0:  # what the first item loaded stays: the collector need not look at it again
        gc.collect()
        gc.freeze()
    return result
