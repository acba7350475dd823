"""What of a wish could not be met, in words: a person must not take what is shown for what they asked for."""

from __future__ import annotations

from collections.abc import Collection

from babel.lists import format_list

from knowledge.domain.finding import Wish
from knowledge.replies.service_card import language_name
from knowledge.replies.times import weekday
from locales.catalogue import say


def relaxed_words(wish: Wish, relaxed: Collection[str], language: str) -> list[str]:
    """A sentence for each part of `wish` that was let go."""
    words = []
    spoken = language_name(wish.spoken_language, language) if wish.spoken_language else None
    if "district" in relaxed:
        if spoken and "spoken_language" not in relaxed:
            words.append(say("find.no_district_language", language, language=spoken))
        else:
            words.append(say("find.no_district", language))
    if "day" in relaxed:
        if wish.days:
            names = format_list([weekday(day, language) for day in wish.days], style="or", locale=language)
            words.append(say("find.no_day", language, day=names))
        else:
            words.append(say("find.no_now", language))
    if "spoken_language" in relaxed and spoken:
        words.append(say("find.no_language", language, language=spoken))
    return words
