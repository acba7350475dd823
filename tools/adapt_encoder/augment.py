"""Make a message look like another person typed it: hurry, a foreign keyboard, Latin letters for Cyrillic or Arabic."""

from __future__ import annotations

import random
import re
import unicodedata

_UK = dict(
    zip(
        "абвгґдеєжзиіїйклмнопрстуфхцчшщьюя",
        [
            "a",
            "b",
            "v",
            "h",
            "g",
            "d",
            "e",
            "ie",
            "zh",
            "z",
            "y",
            "i",
            "i",
            "i",
            "k",
            "l",
            "m",
            "n",
            "o",
            "p",
            "r",
            "s",
            "t",
            "u",
            "f",
            "kh",
            "ts",
            "ch",
            "sh",
            "shch",
            "",
            "yu",
            "ya",
        ],
        strict=True,
    )
)
_UK_LOOSE = {**_UK, "г": "g", "є": "ye", "ї": "yi", "й": "y", "х": "h", "ц": "c", "и": "i"}
_AR = {
    "ا": "a", "أ": "a", "إ": "i", "آ": "a", "ب": "b", "ت": "t", "ث": "th", "ج": "j", "ح": "7", "خ": "kh", "د": "d", "ذ": "z", "ر": "r",
    "ز": "z", "س": "s", "ش": "sh", "ص": "s", "ض": "d", "ط": "t", "ظ": "z", "ع": "3", "غ": "gh", "ف": "f", "ق": "q", "ك": "k", "ل": "l",
    "م": "m", "ن": "n", "ه": "h", "و": "w", "ي": "y", "ى": "a", "ة": "a", "ء": "2", "ئ": "2", "ؤ": "2", "،": ",", "؟": "?",
}  # fmt: skip
_AR_LOOSE = {**_AR, "ح": "h", "خ": "5", "ق": "2", "و": "o", "ي": "i", "ع": "a", "ة": "e", "ء": "", "ئ": "", "غ": "8", "ط": "6"}
_AR_LETTERS = str.maketrans({"أ": "ا", "إ": "ا", "آ": "ا", "ى": "ي", "ة": "ه", "ئ": "ي", "ؤ": "و"})
_GERMAN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"})
_TURKISH = str.maketrans("ıİşŞğĞçÇöÖüÜ", "iIsSgGcCoOuU")
_RUSSIAN = str.maketrans({"і": "и", "ї": "и", "є": "е", "ґ": "г"})
_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm", "йцукенгшщзхї", "фівапролджє", "ячсмитьбю", "ضصثقفغعهخحج", "شسيبلاتنمك")
_NEAR = {c: row[max(0, i - 1) : i] + row[i + 1 : i + 2] for row in _ROWS for i, c in enumerate(row)}
_GREETINGS = {
    "en": ["hello", "hi", "please", "good morning", "pls help"], "de": ["hallo", "guten tag", "bitte", "hi"],
    "fr": ["bonjour", "salut", "svp", "bonsoir"], "uk": ["добрий день", "вітаю", "доброго дня", "підкажіть"],
    "ar": ["مرحبا", "السلام عليكم", "لو سمحت", "salam"], "tr": ["merhaba", "selam", "iyi günler", "lütfen"],
}  # fmt: skip


def _typo(word: str, dice: random.Random) -> str:
    if len(word) < 4:
        return word
    at = dice.randrange(1, len(word) - 1)
    kind = dice.random()
    if kind < 0.3:
        return word[:at] + word[at + 1 :]
    if kind < 0.55:
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    if kind < 0.75:
        return word[:at] + word[at] + word[at:]
    near = _NEAR.get(word[at].lower())
    return word[:at] + (dice.choice(near) if near else "") + word[at + 1 :]


def plain_letters(text: str, language: str, dice: random.Random) -> str:
    """Without the letters that a foreign keyboard has not."""
    if language == "de":
        text = text.translate(_GERMAN) if dice.random() < 0.5 else text
    if language == "tr":
        return text.translate(_TURKISH)
    if language == "ar":
        text = text.translate(_AR_LETTERS)
    if language == "uk":
        return text.translate(_RUSSIAN) if dice.random() < 0.3 else text.replace("'", "").replace("’", "")
    return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c)).replace("ß", "ss")


def latin(text: str, language: str, dice: random.Random) -> str:
    """Ukrainian or Arabic in Latin letters, as in a chat."""
    loose = dice.random() < 0.55
    table = {"uk": _UK_LOOSE if loose else _UK, "ar": _AR_LOOSE if loose else _AR}[language]
    return "".join(table.get(c, "" if unicodedata.combining(c) else c) for c in text.lower())


def augment(text: str, language: str, dice: random.Random, strength: float = 1.0) -> str:
    """Another writing of `text`; often the same."""
    if dice.random() < 0.35:
        return text
    if dice.random() < 0.3:
        text = text.lower()
    if dice.random() < 0.25 * strength:
        text = plain_letters(text, language, dice)
    if dice.random() < 0.25 * strength:
        text = re.sub(r"[^\w\s'’]", "" if dice.random() < 0.5 else " ", text) or text
    words = text.split()
    if len(words) > 3 and dice.random() < 0.3 * strength:
        words.pop(dice.randrange(len(words)))
    if len(words) > 8 and dice.random() < 0.15 * strength:
        cut = dice.randrange(1, len(words) // 3 + 1)
        words = words[cut:] if dice.random() < 0.5 else words[:-cut]
    if len(words) > 2 and dice.random() < 0.1 * strength:
        at = dice.randrange(len(words) - 1)
        words[at], words[at + 1] = words[at + 1], words[at]
    if words and dice.random() < 0.35 * strength:
        for _ in range(1 + len(words) // 8):
            at = dice.randrange(len(words))
            words[at] = _typo(words[at], dice)
    text = " ".join(words) or text
    if dice.random() < 0.04 and len(words) > 2:
        text = dice.choice(_GREETINGS[language]) + dice.choice([" ", ", "]) + text
    if language in ("uk", "ar") and dice.random() < 0.09 * strength:
        text = latin(text, language, dice)
    return text
