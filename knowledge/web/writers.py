"""Threads that write, apart from those that read: while one writes for long (an import, on SQLite), the others wait, and pages are still
answered."""

from __future__ import annotations

import asyncio
import contextvars
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache, partial
from typing import Final, TypeVar

Result = TypeVar("Result")
# Each that waits holds a connection: fewer than the pool of connections has (15).
_AT_ONCE: Final = 8


@cache
def _writers() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="writing")


async def in_writing_thread(work: Callable[[], Result]) -> Result:
    """Do `work`, which writes to the database; what comes after `_AT_ONCE` others waits for its turn."""
    context = contextvars.copy_context()
    return await asyncio.get_running_loop().run_in_executor(_writers(), partial(context.run, work))
