"""A translation service with the JSON interface of LibreTranslate: POST {q: [...], source, target, format, api_key}."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import aiohttp

from knowledge.domain.locked_words import LockedWords
from knowledge.editorial.machine_translation.pieces import Guarded, around_protected, guard, joined, pieces_of
from knowledge.editorial.machine_translation.translator import TranslatorError

_MOST_TEXTS = 25
_MOST_LETTERS = 4000
_LARGEST_ANSWER = 2_000_000
_LONGEST_PAUSE = 30.0
_BUSY = 429


@dataclass(frozen=True, slots=True)
class HttpTranslator:
    """Translates by a service at `url` (the address of its ``translate`` call), with `key` where it wants one.

    `timeout` is for one request, in seconds; `pause` is the first pause between tries, which doubles. What `locked` names,
    telephone numbers, e-mail and web addresses are sent as placeholders and are in the translation as they were.
    The texts themselves go to the service: never hand it what is not public, above all no address of a confidential place (see Translator).
    """

    url: str
    key: str | None = field(default=None, repr=False)
    timeout: float = 30.0
    locked: LockedWords = field(default_factory=lambda: LockedWords(()))
    tries: int = 3
    pause: float = 0.5

    def __post_init__(self) -> None:
        """Raises ValueError for an address that is none of the web."""
        parts = urlsplit(self.url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError("the address of a translation service begins with https:// or http://")

    async def translate(self, texts: Sequence[str], source: str, target: str) -> list[str]:
        """See Translator. Lines stay lines; a text without words comes back as it is.

        Raises TranslatorError.
        """
        cut = [pieces_of(text) for text in texts]
        words = list(dict.fromkeys(piece.words for pieces in cut for piece in pieces if piece.words))
        if not words:
            return list(texts)
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=self.timeout)) as session:
            call = _Call(self, session, source, target)
            translated = await call.translated(words)
        return [joined(pieces, translated) for pieces in cut]


@dataclass(frozen=True, slots=True)
class _Call:
    service: HttpTranslator
    session: aiohttp.ClientSession
    source: str
    target: str

    async def translated(self, words: list[str]) -> dict[str, str]:
        # A line of nothing but protected words needs no machine.
        guarded = [guard(one, self.service.locked) for one in words if any(free for _, free in around_protected(one, self.service.locked))]
        answers = await self._all([one.protected.text for one in guarded])
        found = {one.words: one.restored(answer) for one, answer in zip(guarded, answers, strict=True)}
        lost = [one for one in guarded if found[one.words] is None]
        if lost:
            found |= await self._in_parts(lost)
        return {before: after for before, after in found.items() if after is not None}

    async def _in_parts(self, lost: Iterable[Guarded]) -> dict[str, str | None]:
        """Where the machine lost a placeholder: what stands between the protected words is translated by itself. It reads worse, and
        loses no name."""
        cut = {one.words: around_protected(one.words, self.service.locked) for one in lost}
        free = list(dict.fromkeys(part.strip() for parts in cut.values() for part, to_translate in parts if to_translate))
        by_part = dict(zip(free, await self._all(free), strict=True))
        return {
            words: "".join(_with_spaces(part, by_part) if to_translate else part for part, to_translate in parts)
            for words, parts in cut.items()
        }

    async def _all(self, texts: list[str]) -> list[str]:
        found: list[str] = []
        for batch in _batches(texts):
            found += await self._patiently(batch)
        return found

    async def _patiently(self, batch: list[str]) -> list[str]:
        """One request, again after a pause where it failed for now."""
        pause = self.service.pause
        for left in reversed(range(self.service.tries)):
            try:
                return await self._once(batch)
            except _Later as later:
                if not left:
                    raise TranslatorError(later.key, permanent=False, tries=self.service.tries) from later
                await asyncio.sleep(min(_LONGEST_PAUSE, max(pause, later.after)))
                pause *= 2
        raise TranslatorError("translator.unavailable", permanent=False, tries=self.service.tries)

    async def _once(self, batch: list[str]) -> list[str]:
        body: dict[str, object] = {"q": batch, "source": self.source, "target": self.target, "format": "text"}
        if self.service.key:
            body["api_key"] = self.service.key
        try:
            # Redirected, the texts and the key would go to somebody whom nobody chose.
            async with self.session.post(self.service.url, json=body, allow_redirects=False) as answer:
                self._check(answer)
                content = await _limited(answer)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise _Later("translator.unavailable") from error
        return _texts(content, len(batch))

    @staticmethod
    def _check(answer: aiohttp.ClientResponse) -> None:
        if answer.status == _BUSY:
            raise _Later("translator.busy", _seconds(answer.headers.get("Retry-After", "")))
        if answer.status >= 500 or answer.status in (408, 425):
            raise _Later("translator.unavailable", _seconds(answer.headers.get("Retry-After", "")))
        if answer.status in (401, 403):
            raise TranslatorError("translator.key", permanent=True)
        if answer.status != 200:
            raise TranslatorError("translator.refused", permanent=True, status=answer.status)


class _Later(Exception):
    """Failed for now; `after` are seconds that the service asks to wait."""

    def __init__(self, key: str, after: float = 0.0) -> None:
        super().__init__(key)
        self.key = key
        self.after = after


def _seconds(value: str) -> float:
    """Seconds of a Retry-After header; a date there is not worth reading."""
    return float(value) if value.isascii() and value.isdigit() and len(value) < 6 else 0.0


async def _limited(answer: aiohttp.ClientResponse) -> bytes:
    content = bytearray()
    async for part in answer.content.iter_chunked(65536):
        content += part
        if len(content) > _LARGEST_ANSWER:
            raise TranslatorError("translator.bad_answer", permanent=True)
    return bytes(content)


def _texts(content: bytes, number: int) -> list[str]:
    """The translations of an answer.

    Raises TranslatorError for anything but as many texts as were asked for, none of them empty.
    """
    try:
        answer = json.loads(content)
    except ValueError as error:
        raise TranslatorError("translator.bad_answer", permanent=True) from error
    found = answer.get("translatedText") if isinstance(answer, dict) else None
    if isinstance(found, str) and number == 1:
        found = [found]
    if not isinstance(found, list) or len(found) != number or not all(isinstance(one, str) and one.strip() for one in found):
        raise TranslatorError("translator.bad_answer", permanent=True)
    return found


def _batches(texts: list[str]) -> Iterable[list[str]]:
    """As many texts at once as services take."""
    batch: list[str] = []
    letters = 0
    for text in texts:
        if batch and (len(batch) >= _MOST_TEXTS or letters + len(text) > _MOST_LETTERS):
            yield batch
            batch, letters = [], 0
        batch.append(text)
        letters += len(text)
    if batch:
        yield batch


def _with_spaces(part: str, by_part: dict[str, str]) -> str:
    """The translation of a part with the spaces that stood around it."""
    words = part.strip()
    start = part.index(words)
    return part[:start] + " ".join(by_part[words].split()) + part[start + len(words) :]
