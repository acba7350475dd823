"""How far a long command is: a bar where somebody looks at it, a line now and then where its output goes into a file."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import TracebackType

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

# Of a file: a line for every fifth part.
_LINES = 5


class Stages:
    """One stage after the other, on standard error."""

    def __init__(self) -> None:
        self._console = Console(stderr=True)
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        self._bar = Progress(*columns, console=self._console, disable=not self._console.is_terminal)
        self._task: TaskID | None = None

    def __enter__(self) -> Stages:
        self._bar.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._bar.stop()

    def stage(self, name: str) -> Callable[[int, int], None]:
        """Begin a stage; call the result with (done, total)."""
        if self._task is not None:
            self._bar.stop_task(self._task)
        self._task = task = self._bar.add_task(name, total=None)
        told = 0

        def tell(done: int, total: int) -> None:
            nonlocal told
            self._bar.update(task, completed=done, total=total)
            part = done * _LINES // total if total else 0
            if not self._console.is_terminal and part > told:
                told = part
                click.echo(f"{name}: {done} of {total}", err=True)

        return tell


@contextmanager
def unbroken() -> Iterator[None]:
    """Ctrl-C waits until the block is over: what is being kept is kept, and the command says so truly."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
