"""What is kept of a question: no numbers, no addresses, no names that a person gives as theirs, two hundred characters at most.

Names in the middle of a sentence cannot all be known; that is why nothing else is kept beside the words, and not for long.
"""

from __future__ import annotations

import re
import unicodedata

MOST = 200
_LOOKED_AT = 5 * MOST
_FEWEST_LETTERS = 3
# Stands where a number stood, so that "level B#" can still be understood.
NUMBER = "#"

_ADDRESS = re.compile(r"\S+@\S+|https?://\S*|\bwww\.\S+|(?<!\w)@\w+|\b(?:[a-z0-9-]+\.)+[a-z]{2,12}(?:/\S*)?(?![\w.])", re.IGNORECASE)
_NUMBER = re.compile(r"[+(]*\d(?:[\d\s().,:/+-]*\d)?")
_SPACES = re.compile(r"\s+")

# A name: a word with a capital letter, or in Arabic any word.
_CAPITAL = r"[A-ZÀ-ÖØ-ÞĀ-ŽА-ЯЁІЇЄҐ][\w'’.-]*"
_ARABIC = r"[\u0620-\u064a][\u0610-\u06ff]*"
_WORD = r"[\w'’-]+"
# Words after which a sentence goes on: no part of a name any more.
_ON = r"(?:and|und|et|та|і|й|ve|i|ich|je|я|ben|from|aus|de|з|із|but|aber|mais|але|ama)\b|و[\u0620-\u064a]{3,}"

_INTRODUCTIONS = (
    r"my name is|my name's|i am called|mein name ist|ich hei(?:ß|ss)e|meine namen? (?:ist|sind)|je m['’]appelle|mon nom est|"
    r"мене звати|мене звуть|моє ім['’ʼ]я|меня зовут|اسمي|إسمي|انا اسمي|أنا اسمي|أدعى|(?:benim )?adım|(?:benim )?ismim|bana .{2,20} derler"
)
_INTRODUCED = re.compile(
    rf"\b(?:{_INTRODUCTIONS})\s*:?\s+{_WORD}(?:\s+(?!(?:{_ON})){_WORD}){{0,2}}?(?=\s*(?:[,.!?;\n]|$)|\s+(?:{_ON}))"
    rf"|\b(?:{_INTRODUCTIONS})\s*:?\s+{_WORD}(?:\s+{_CAPITAL}){{0,2}}",
    re.IGNORECASE,
)
_I_AM = re.compile(
    rf"\b(?:I am|I'm|I’m|This is|this is|Je suis|je suis|hier ist|Hier ist|hier spricht|Hier spricht|Ich bin|ich bin|Я|я|Ben|ben)"
    rf"\s+(?:{_CAPITAL}\s+{_CAPITAL}(?:\s+{_CAPITAL})?|{_CAPITAL}(?=\s*[,!]))"
)
_TITLES = (
    r"Mr|Mrs|Ms|Miss|Mister|Herrn?|Hr|(?<!meine )(?<!eine )(?<!die )(?<!seine )Frau|Fr|Madame|Mme|Monsieur|Dr|Prof|"
    r"пан|пані|пане|Пан|Пані|Sayın|Bay|Bayan"
)
_TITLED = re.compile(
    rf"\b(?P<title>{_TITLES})\.?\s+{_CAPITAL}(?:\s+{_CAPITAL})?|\b(?:السيد|السيدة|الأستاذ|الأستاذة|الدكتور|الدكتورة)\s+{_ARABIC}"
)
_GREETINGS = (
    r"hello|hi|hey|dear|good (?:morning|afternoon|evening|day)|hallo|guten (?:tag|morgen|abend)|sehr geehrte[rn]?|liebe[rs]?|servus|moin|"
    r"bonjour|bonsoir|salut|cher|chère|вітаю|привіт|доброго (?:дня|ранку|вечора)|добрий (?:день|вечір|ранок)|шановн\w+|"
    r"مرحبا|أهلا|السلام عليكم|صباح الخير|مساء الخير|عزيزي|عزيزتي|"
    r"merhaba|selam|selamün aleyküm|iyi (?:günler|akşamlar)|günaydın|sayın|sevgili"
)
# Up to two words between "hello" and the comma: more of them are a question already.
_GREETED = re.compile(rf"^\W*(?:{_GREETINGS})(?:\s+{_WORD}){{0,2}}\s*[,.!،:\n]+", re.IGNORECASE)
_GREETED_NAME = re.compile(rf"^\W*(?i:{_GREETINGS})\s+(?:{_CAPITAL}\s+){{1,2}}(?=[a-zа-яіїєґ])")
_FAREWELLS = (
    r"(?:best|kind|warm) regards|yours sincerely|sincerely|mit freundlichen gr(?:ü|ue)(?:ß|ss)en|"
    r"(?:viele|liebe|beste|freundliche) gr(?:ü|ue)(?:ß|ss)e|"
    r"mfg|cordialement|bien à vous|з повагою|с уважением|مع (?:فائق )?(?:الاحترام|التحية|التحيات|الشكر)|تحياتي|saygılarımla|saygılar"
)
_SIGNED = re.compile(rf"(?:^|(?<=[\s,.!?]))(?:{_FAREWELLS})\b.*$", re.IGNORECASE | re.DOTALL)
_THANKED = re.compile(
    rf"(?i:\b(?:thanks|thank you|danke(?:sch(?:ö|oe)n)?|vielen dank|merci|дякую|спасибо|شكرا|شكراً|teşekkürler|sağ ?ol(?:un)?))"
    rf"(?:[\s,!.-]+(?:{_CAPITAL}|{_ARABIC})){{0,2}}\s*[.!]*\s*$"
)


def cleaned(text: str) -> str | None:
    """The words that may be kept; None where nothing is left that says anything, or where it was a button and no question."""
    # What comes after is cut off in any case, and a very long message must not cost time.
    text = unicodedata.normalize("NFC", text[:_LOOKED_AT])
    plain = _SPACES.sub(" ", "".join(x if x.isprintable() else " " for x in text)).strip()
    if plain.startswith("/"):
        return None
    for pattern, left in (
        (_ADDRESS, " "),
        (_SIGNED, " "),
        (_THANKED, " "),
        (_INTRODUCED, " "),
        (_I_AM, " "),
        (_TITLED, r"\g<title>"),
        (_GREETED, " "),
        (_GREETED_NAME, " "),
        (_NUMBER, NUMBER),
    ):
        plain = pattern.sub(left, plain)
    plain = _SPACES.sub(" ", plain).strip(" ,;:.!-–—،")
    plain = re.sub(r"\s+([,.?!;:؟،])", r"\1", plain)
    if len(plain) > MOST:
        plain = plain[:MOST].rsplit(" ", 1)[0] if " " in plain[:MOST] else plain[:MOST]
    return plain if sum(sign.isalpha() for sign in plain) >= _FEWEST_LETTERS else None
