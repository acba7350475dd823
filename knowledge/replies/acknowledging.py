"""Whether words say only that something was read: "ok", "tamam", "добре"."""

from __future__ import annotations

from knowledge.search.normalise import normalise

# Words that say only "I have read it", in whatever language is being spoken; the first of them decides ("ok danke").
_READ = frozenset(
    normalise(word)
    for words in (
        ("ok", "okay", "okey", "oke", "okej", "okidoki", "k", "kk", "👍", "👌", "✅"),
        ("alright", "understood", "verstanden", "gut", "passt", "dac", "d'accord", "d'ac", "entendu", "compris"),
        ("ок", "окей", "добре", "гаразд", "зрозуміло", "ясно", "تمام", "اوك", "اوكي", "طيب", "ماشي", "حاضر", "حسنا", "فهمت", "زين"),
        ("tamam", "tmm", "tamamdır", "peki", "anladım"),
    )
    for word in words
)
_LONGEST = 2


def only_read(text: str) -> bool:
    """Whether the words say that something was read, and ask for nothing."""
    words = normalise(text).split()
    return 0 < len(words) <= _LONGEST and words[0].strip(".!,") in _READ
