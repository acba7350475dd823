"""In Arabic the chat speaks as the city's answers do: to everybody, in the plural or without an address, never to one man.

The words for a crisis are close to the one who reads them: they may say "you" where it is written the same for a woman and a man.
"""

from __future__ import annotations

import re

import pytest

from locales.registry import HERE

# Words that end in the letter of "you, one person" and are none.
OTHER_WORDS = {"والبنك", "هناك", "ذلك", "لذلك", "ولذلك", "كذلك", "الشك", "متحرك"}
TO_ONE_MAN = {
    "أنت",
    "اكتب",
    "فاكتب",
    "اختر",
    "اختره",
    "اتصل",
    "حاول",
    "احذف",
    "انتقل",
    "تعال",
    "قل",
    "وقل",
    "تسأل",
    "تريد",
    "تقصد",
    "احتجت",
    "اضغط",
    "تحتمل",
    "ابق",
    "ابتعد",
    "اذهب",
    "تستطيع",
}


@pytest.mark.parametrize("file", ["ar.po", "ar.chat.po"])
def test_no_sentence_of_the_chat_addresses_one_man(file: str) -> None:
    said = re.findall(r'^msgstr(?:\[\d\])? "(.+)"$', (HERE / "catalogues" / file).read_text(encoding="utf-8"), re.M)
    assert len(said) > 50
    words = {word for line in said for word in re.findall(r"[\u0621-\u064a]+", line)}
    assert {word for word in words if word in TO_ONE_MAN or (word.endswith("ك") and word not in OTHER_WORDS)} == set()


def test_nor_do_the_words_for_a_crisis() -> None:
    said = (HERE / "safety" / "ar.yml").read_text(encoding="utf-8")
    words = set(re.findall(r"[\u0621-\u064a]+", said))
    assert len(words) > 50
    assert words & TO_ONE_MAN == set()
