"""One search over articles and services: shared words and near meanings, fused."""

from __future__ import annotations

import pytest

from knowledge.domain.records import Knowledge
from knowledge.search.embedder import NoEmbedder
from knowledge.search.engine import Hit, SearchEngine
from knowledge.search.vectors import VectorCache
from tests.factories import article, knowledge, service, text
from tests.unit.knowledge.search.fakes import WordEmbedder, broken_sessions, memory_sessions


def town() -> Knowledge:
    return knowledge(
        article("registration.address", title=text("Adresse", en="Address"), answer=text("Melden Sie die Adresse an.", en="Register it.")),
        article("schools.enrol", title="Schule", answer="Alle Kinder gehen hin."),
        service("practice", "health.doctor", name="Arztpraxis", also=("Hausdoktor",), description="Für Kranke."),
    )


def engine(embedder: WordEmbedder | NoEmbedder, known: Knowledge | None = None) -> SearchEngine:
    made = SearchEngine(known or town(), embedder, VectorCache(memory_sessions()))
    made.prepare()
    return made


def ids(hits: list[Hit]) -> list[str]:
    return [hit.id for hit in hits]


class TestWithoutAnEmbedder:
    def test_shared_words_serve_alone(self) -> None:
        found = engine(NoEmbedder()).search("adresse", "de")
        assert ids(found) == ["article:registration.address:everyone"]
        assert (found[0].similarity, found[0].lexical) == (None, True)

    def test_it_does_not_claim_to_understand_meanings(self) -> None:
        assert not engine(NoEmbedder()).semantic_ready

    def test_other_names_of_a_service_are_found(self) -> None:
        assert ids(engine(NoEmbedder()).search("hausdoktor", "de")) == ["service:practice"]

    def test_a_question_in_one_language_finds_what_is_written_in_another(self) -> None:
        assert ids(engine(NoEmbedder()).search("address", "uk")) == ["article:registration.address:everyone"]


class TestWithAnEmbedder:
    def test_meaning_is_found_without_a_shared_word(self) -> None:
        best = engine(WordEmbedder()).search("أين مدرسة", "ar")[0]
        assert best.id == "article:schools.enrol:everyone"
        assert best.similarity == pytest.approx(1.0)
        assert not best.lexical

    def test_what_is_on_both_lists_comes_first(self) -> None:
        # "Kranke" is a word of the practice only, the meaning is that of the school and of the practice.
        hits = engine(WordEmbedder()).search("kranke arzt schule", "de")
        assert hits[0].id == "service:practice"
        assert hits[0].lexical and hits[0].similarity is not None

    def test_scores_fall_and_the_limit_is_kept(self) -> None:
        hits = engine(WordEmbedder()).search("adresse schule arzt", "de", limit=2)
        assert len(hits) == 2
        assert hits[0].score >= hits[1].score

    def test_before_the_vectors_are_there_the_words_carry_on(self) -> None:
        fresh = SearchEngine(town(), WordEmbedder(), VectorCache(memory_sessions()))
        assert not fresh.semantic_ready
        assert ids(fresh.search("schule", "de")) == ["article:schools.enrol:everyone"]

    def test_an_empty_town_finds_nothing(self) -> None:
        assert engine(WordEmbedder(), knowledge()).search("adresse", "de") == []


class TestVectors:
    def test_a_text_is_embedded_once_even_by_another_process(self) -> None:
        sessions, first, second = memory_sessions(), WordEmbedder(), WordEmbedder()
        SearchEngine(town(), first, VectorCache(sessions)).prepare()
        SearchEngine(town(), second, VectorCache(sessions)).prepare()
        assert len(first.embedded) == 4  # two languages of one article, one of the other, one service
        assert second.embedded == []

    def test_another_model_does_not_use_the_vectors_of_this_one(self) -> None:
        sessions, other = memory_sessions(), WordEmbedder(name="another")
        SearchEngine(town(), WordEmbedder(), VectorCache(sessions)).prepare()
        SearchEngine(town(), other, VectorCache(sessions)).prepare()
        assert len(other.embedded) == 4

    def test_a_database_that_cannot_be_written_costs_time_and_nothing_else(self) -> None:
        made = SearchEngine(town(), WordEmbedder(), VectorCache(broken_sessions()))
        made.prepare()
        assert ids(made.search("okul", "tr"))[0] == "article:schools.enrol:everyone"
