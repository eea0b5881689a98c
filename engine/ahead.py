"""Lets a thread make the next items while the last ones are worked on."""

from __future__ import annotations

from collections.abc import Iterator
from queue import Empty, Full, Queue
from threading import Event, Thread
from types import TracebackType
from typing import Generic, TypeVar

T = TypeVar("T")
_PATIENCE = 0.1


class Ahead(Generic[T]):
    """An iterator whose items a thread makes, from now on, at most so many ahead of those that were taken.

    What goes wrong in the thread is raised where its items are taken. To be closed by `with`.
    """

    def __init__(self, items: Iterator[T], most: int) -> None:
        """Start making items; `most` is how many may wait."""
        self._ready: Queue[tuple[T | None, BaseException | None]] = Queue(most)
        self._stopped = Event()
        self._thread = Thread(target=self._make, args=(items,), daemon=True)
        self._thread.start()

    def __iter__(self) -> Iterator[T]:
        return self

    def __next__(self) -> T:
        item, error = self._ready.get()
        if error is not None:
            self._ready.put((None, error))  # for whoever asks again
            raise error
        return item  # type: ignore[return-value]  # only the end has none

    def __enter__(self) -> Ahead[T]:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stopped.set()
        while self._thread.is_alive():
            try:
                self._ready.get(timeout=_PATIENCE)
            except Empty:
                continue

    def _make(self, items: Iterator[T]) -> None:
        try:
            for item in items:
                self._give(item, None)
                if self._stopped.is_set():
                    return
        except BaseException as error:  # noqa: BLE001  # raised again by the thread that takes
            self._give(None, error)
        else:
            self._give(None, StopIteration())

    def _give(self, item: T | None, error: BaseException | None) -> None:
        while not self._stopped.is_set():
            try:
                self._ready.put((item, error), timeout=_PATIENCE)
            except Full:
                continue
            return
