"""What the desk says about itself: a button named in a sentence is called as it is on the page, and a number of one reads well."""

from __future__ import annotations

import re

import pytest

from locales.catalogue import catalogue, plurals
from tests.conventions.test_catalogues import COMPLETE

# A sentence, and the words on the page that it sends somebody to.
NAMES_OF = (
    ("hours.problem.bare_closed", "desk.record.close"),
    ("hours.problem.by_appointment", "desk.appointment.required"),
    ("desk.record.needs", "desk.record.do.publish_all"),
    ("desk.record.undo.back", "desk.record.undo"),
    ("desk.record.undo.draft", "desk.record.undo"),
    ("desk.accounts.no_role.then", "desk.accounts.users.waiting"),
    ("desk.exchange.may_leave", "desk.exchange.runs"),
    ("desk.translation.xliff.out.hint", "desk.translation.export"),
)
# Said only of more than one.
OF_MANY = {"desk.audit.file_cut", "desk.form.used.many", "problem.sentences"}
# A number right before what is counted: "1 records".
COUNTED = {
    "en": re.compile(r"(?<!revision )\{(number|undone|left)\} ([a-z]+ )?[a-z]+s\b"),
    "de": re.compile(r"\{(number|undone|left)\} [A-ZÄÖÜ]"),
}


def words(text: str) -> str:
    """Without marks of direction, with one kind of space."""
    return re.sub(r"[\s\u00a0\u202f]+", " ", re.sub("[\u2066-\u2069]", "", text))


@pytest.mark.parametrize("code", COMPLETE)
@pytest.mark.parametrize(("sentence", "name"), NAMES_OF)
def test_a_sentence_names_a_button_as_the_page_does(code: str, sentence: str, name: str) -> None:
    assert words(catalogue(code)[name]) in words(catalogue(code)[sentence])


@pytest.mark.parametrize("code", COUNTED)
def test_a_number_that_may_be_one_stands_before_nothing_that_is_counted(code: str) -> None:
    found = {key for key, text in catalogue(code).items() if COUNTED[code].search(text)}
    assert found - set(plurals(code)) - OF_MANY == set()
