"""BM25 over what is written."""

from __future__ import annotations

from knowledge.search.lexical import LexicalIndex

OFFICE = ("office", "de", "Anmeldung der Adresse im Bürgerbüro")
SCHOOL = ("school", "de", "Anmeldung in der Schule")
ENGLISH = ("office", "en", "Register your address at the citizens' office")
LANGUAGES = ("de", "en")


def indexed(*written: tuple[str, str, str]) -> LexicalIndex:
    """An index of (id, language, text)."""
    index = LexicalIndex()
    for document in dict.fromkeys(id for id, _, _ in written):
        index.put(document, [(language, text) for id, language, text in written if id == document])
    return index


def ids(index: LexicalIndex, query: str) -> list[str]:
    return [document for document, _ in index.search(query, LANGUAGES)]


def test_a_rare_word_weighs_more_than_a_common_one() -> None:
    index = indexed(OFFICE, SCHOOL, ("other", "de", "Anmeldung beim Sportverein"))
    assert ids(index, "anmeldung schule")[0] == "school"


def test_inflection_accents_and_case_do_not_matter() -> None:
    assert ids(indexed(OFFICE, SCHOOL), "SCHULEN")[0] == "school"
    assert ids(indexed(OFFICE, SCHOOL), "burgerburo") == ["office"]


def test_a_document_in_two_languages_is_one_and_answers_in_both() -> None:
    index = indexed(OFFICE, ENGLISH, SCHOOL)
    assert ids(index, "register address") == ["office"]
    assert ids(index, "adresse") == ["office"]


def test_a_short_text_that_is_all_about_it_comes_before_a_long_one() -> None:
    long = ("long", "de", "Schule " + " ".join(f"wort{number}" for number in range(50)))
    assert ids(indexed(long, ("short", "de", "Die Schule")), "schule") == ["short", "long"]


def test_scores_fall() -> None:
    scores = [score for _, score in indexed(OFFICE, SCHOOL, ENGLISH).search("anmeldung adresse", LANGUAGES)]
    assert scores == sorted(scores, reverse=True)
    assert all(score > 0 for score in scores)


def test_nothing_shared_and_nothing_there_is_nothing() -> None:
    assert ids(indexed(OFFICE), "zahnarzt") == []
    assert ids(indexed(), "zahnarzt") == []
    assert ids(indexed(("empty", "de", "")), "") == []


def test_what_is_put_again_takes_the_place_of_what_was_there_and_nothing_takes_it_away() -> None:
    index = indexed(OFFICE, SCHOOL)
    index.put("office", [("de", "Fahrräder")])
    assert ids(index, "bürgerbüro") == [] and ids(index, "fahrrad") == ["office"]
    index.put("office", [])
    assert ids(index, "fahrrad") == [] and ids(index, "schule") == ["school"]
