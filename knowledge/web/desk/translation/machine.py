"""POST …/translate/{language}/machine: the missing texts of one record translated by the service, at once."""

from __future__ import annotations

import asyncio

from aiohttp import web
from sqlalchemy.orm import Session

from knowledge.domain.locked_words import LockedWords
from knowledge.editorial.actor import Permission
from knowledge.editorial.locked_words import locked_words
from knowledge.editorial.machine_texts import Untranslated, keep_machine_words, untranslated
from knowledge.editorial.machine_translation import TranslatorError
from knowledge.editorial.records import get
from knowledge.web.desk.record.common import key_of, own_url, place_of
from knowledge.web.desk.request import DeskRequest
from knowledge.web.desk.routing import error_words
from knowledge.web.desk.translation.service import translator
from knowledge.web.desk.translation.sheet import page, target_language

# A person waits for it.
_SECONDS = 60


async def translate_record(desk: DeskRequest) -> web.Response:
    """What comes back is marked as a machine's until somebody has read it. Words that are not public are sent since the person asked for
    exactly these; those of confidential places never are."""

    def read(session: Session) -> tuple[list[Untranslated], LockedWords, str, str]:
        record = get(session, desk.actor, key_of(desk), Permission.TRANSLATE)
        source = place_of(session, desk).source_language
        code = target_language(desk, source)
        texts = untranslated(session, desk.actor, desk.municipality, code, [record.id], drafts=True)
        return texts, locked_words(session, desk.municipality), source, code

    texts, locked, source, code = await desk.run(read)
    if not texts:
        return await page(desk, status=422, problem=desk.say("desk.error.nothing_missing"))
    try:
        async with asyncio.timeout(_SECONDS):
            words = await translator(desk.settings, locked).translate([one.words for one in texts], source, code)
    except TranslatorError as error:
        return await page(desk, status=400 if error.permanent else 503, problem=error_words(desk, error))
    except TimeoutError:
        return await page(desk, status=503, problem=desk.say("desk.error.translator.unavailable"))
    await desk.run(lambda session: keep_machine_words(session, desk.actor, code, texts, words))
    return desk.redirect(own_url(desk, f"translate/{code}"), "translation_machine")
