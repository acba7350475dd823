"""BM25 over what is written."""

from __future__ import annotations

from knowledge.search.lexical import LexicalIndex

OFFICE = ("office", "de", "Anmeldung der Adresse im Bürgerbüro")
SCHOOL = ("school", "de", "Anmeldung in der Schule")
ENGLISH = ("office", "en", "Register your address at the citizens' office")
LANGUAGES = ("de", "en")


def ids(index: LexicalIndex, query: str) -> list[str]:
    return [document for document, _ in index.search(query, LANGUAGES)]


def test_a_rare_word_weighs_more_than_a_common_one() -> None:
    index = LexicalIndex([OFFICE, SCHOOL, ("other", "de", "Anmeldung beim Sportverein")])
    assert ids(index, "anmeldung schule")[0] == "school"


def test_inflection_accents_and_case_do_not_matter() -> None:
    assert ids(LexicalIndex([OFFICE, SCHOOL]), "SCHULEN")[0] == "school"
    assert ids(LexicalIndex([OFFICE, SCHOOL]), "burgerburo") == ["office"]


def test_a_document_in_two_languages_is_one_and_answers_in_both() -> None:
    index = LexicalIndex([OFFICE, ENGLISH, SCHOOL])
    assert ids(index, "register address") == ["office"]
    assert ids(index, "adresse") == ["office"]


def test_a_short_text_that_is_all_about_it_comes_before_a_long_one() -> None:
    long = ("long", "de", "Schule " + " ".join(f"wort{number}" for number in range(50)))
    assert ids(LexicalIndex([long, ("short", "de", "Die Schule")]), "schule") == ["short", "long"]


def test_scores_fall() -> None:
    scores = [score for _, score in LexicalIndex([OFFICE, SCHOOL, ENGLISH]).search("anmeldung adresse", LANGUAGES)]
    assert scores == sorted(scores, reverse=True)
    assert all(score > 0 for score in scores)


def test_nothing_shared_and_nothing_there_is_nothing() -> None:
    assert ids(LexicalIndex([OFFICE]), "zahnarzt") == []
    assert ids(LexicalIndex([]), "zahnarzt") == []
    assert ids(LexicalIndex([("empty", "de", "")]), "") == []
