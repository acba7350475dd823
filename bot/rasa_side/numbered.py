"""Numbers as choices: "2", "the first one", "das zweite" after a reply with buttons means that button."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from rasa.shared.core.events import BotUttered, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.channels.base.payloads import Payload, parse_payload
from knowledge.domain.records import CRISIS_TOPICS
from knowledge.search.normalise import normalise

# Ordinals by their stems: endings change with gender and case.
_ORDINALS = (
    r"first|1st|erste[rsn]?|premiere?|1ere?|перш\w+|(?:ال)?(?:اول|اولي|واحد)|birinci\w*|ilk\w*|one|eins|une?|один|واحد|bir",
    r"second|2nd|zweite[rsn]?|deuxieme|seconde?|2e(?:me)?|друг\w+|(?:ال)?(?:ثاني|ثانيه|تاني|تانيه)|ikinci\w*|two|zwei|deux|два|اثنين|iki",
    r"third|3rd|dritte[rsn]?|troisieme|3e(?:me)?|трет\w+|(?:ال)?(?:ثالث|ثالثه|تالت|تالته)|ucuncu\w*|three|drei|trois|три|ثلاثه|uc",
    r"fourth|4th|vierte[rsn]?|quatrieme|4e(?:me)?|четверт\w+|(?:ال)?(?:رابع|رابعه)|dorduncu\w*|four|vier|quatre|чотири|اربعه|dort",
    r"fifth|5th|funfte[rsn]?|cinquieme|5e(?:me)?|п.?ят\w+|(?:ال)?(?:خامس|خامسه)|besinci\w*|five|funf|cinq|خمسه|bes",
)
# Words around the number that change nothing.
_AROUND = (
    r"(?:(?:the|number|n[or]?\.?|nummer|option|choice|answer|der|die|das|den|dem|le|la|les|l'|numero|номер|варіант|رقم|الرقم|الخيار"
    r"|numara|secenek|please|bitte|s'il vous plait|будь ласка|من فضلك|lutfen|one|i take|ich nehme)\s*)"
)
_NUMBER = re.compile(rf"^{_AROUND}*(?P<number>\d{{1,2}})(?:\s*[.)\]:]|\s+{_AROUND})*$")
_ORDINAL = re.compile(
    rf"^{_AROUND}*(?:{'|'.join(f'(?P<n{place}>{words})' for place, words in enumerate(_ORDINALS, start=1))})(?:\s+{_AROUND})*$"
)
_LONGEST = 30


def number_in(text: str) -> int | None:
    """The number that `text` is, where it is nothing but a number or an ordinal; None otherwise."""
    if len(text) > _LONGEST:
        return None
    # "1️⃣" is the figure with two marks; "№" and "#" say "number".
    bare = "".join(letter for letter in text if unicodedata.category(letter) not in ("Me", "Mn", "Cf") or letter.isalpha())
    plain = " ".join(re.sub(r"[#№!,()°º]", " ", normalise(bare)).split()).rstrip(".")
    figure = _NUMBER.match(plain)
    if figure:
        return int(figure.group("number"))
    word = _ORDINAL.match(plain)
    return next((place for place in range(1, len(_ORDINALS) + 1) if word.group(f"n{place}")), None) if word else None


def chosen(text: str, tracker: DialogueStateTracker | None) -> Payload | None:
    """The payload of the button that `text` chooses. Never in a crisis, where a number may be an age, or one to call."""
    number = number_in(text)
    if number is None or tracker is None or tracker.get_slot("topic") in CRISIS_TOPICS:
        return None
    replies: list[dict[str, Any]] = []
    for event in reversed(tracker.events):
        if isinstance(event, UserUttered):
            break
        if isinstance(event, BotUttered):
            replies.append(event.data or {})
    if any("safety" in (reply.get("custom") or {}) for reply in replies):
        return None
    # The last message that offers a choice; a single button below it ("Other languages") is none.
    offered = [reply["buttons"] for reply in replies if reply.get("buttons")]
    buttons = next((found for found in offered if len(found) > 1), offered[0] if offered else [])
    return parse_payload(str(buttons[number - 1]["payload"])) if 1 <= number <= len(buttons) else None
