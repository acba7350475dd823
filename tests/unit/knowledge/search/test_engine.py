"""One search over articles and services: shared words and near meanings, fused."""

from __future__ import annotations

import threading
import time
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from knowledge.domain.records import Knowledge
from knowledge.search import engines as engines_module
from knowledge.search.embedder import NoEmbedder
from knowledge.search.engine import Hit, SearchEngine
from knowledge.search.engines import SearchEngines
from knowledge.search.vectors import VectorCache
from tests.factories import article, knowledge, municipality, service, text
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


def moved_on(known: Knowledge) -> Knowledge:
    """A version later: the practice has another name, the school's article is gone, a service is new."""
    renamed = service("practice", "health.doctor", name="Krankenhaus", description="Für Kranke.")
    choir = service("choir", name="Singkreis", description="Lieder.")
    articles = {id: one for id, one in known.articles.items() if one.topic != "schools.enrol"}
    return replace(known, version=known.version + 1, articles=articles, services={"practice": renamed, "choir": choir})


class TestANewVersion:
    QUESTIONS = ("adresse", "schule", "arztpraxis", "krankenhaus", "singkreis", "kranke arzt")

    @pytest.mark.parametrize("embedder", [NoEmbedder, WordEmbedder])
    def test_finds_what_an_engine_made_anew_finds(self, embedder: type[WordEmbedder | NoEmbedder]) -> None:
        known = town()
        brought_along = engine(embedder(), known)
        brought_along.update(moved_on(known))
        brought_along.prepare()
        fresh = engine(embedder(), moved_on(known))
        for question in self.QUESTIONS:
            assert brought_along.search(question, "de") == fresh.search(question, "de"), question

    def test_until_the_vectors_follow_those_of_before_serve_and_name_nothing_that_is_gone(self) -> None:
        known = town()
        made = engine(WordEmbedder(), known)
        made.update(moved_on(known))
        assert not made.semantic_ready
        assert made.search("adresse", "de")[0].similarity is not None
        assert ids(made.search("schule", "de")) == [one for one in ids(made.search("schule", "de")) if "schools" not in one]
        made.prepare()
        assert made.semantic_ready

    def test_only_what_has_changed_is_indexed(self) -> None:
        known = town()
        made = engine(NoEmbedder(), known)
        assert set(made.changed(moved_on(known))) == {"article:schools.enrol:everyone", "service:practice", "service:choir"}
        assert made.changed(known) == []


class TestTheEnginesOfSeveralTowns:
    def test_a_few_changes_are_found_at_once(self) -> None:
        known = town()
        engines = SearchEngines(WordEmbedder(), VectorCache(memory_sessions()))
        assert ids(engines.of(known).search("singkreis", "de")) == []
        assert ids(engines.of(moved_on(known)).search("singkreis", "de"))[0] == "service:choir"

    def test_many_are_indexed_behind_while_the_last_version_answers(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(engines_module, "_AT_ONCE", 0)
        known, begun = town(), threading.Event()
        engines = SearchEngines(NoEmbedder(), VectorCache(memory_sessions()))
        held = engines.of(known)
        slow = held.update

        def update(later: Knowledge) -> None:
            assert begun.wait(30)
            slow(later)

        monkeypatch.setattr(held, "update", update)
        later = moved_on(known)
        assert ids(engines.of(later).search("arztpraxis", "de")) == ["service:practice"]
        begun.set()
        until = time.monotonic() + 30
        while engines.of(later).knowledge is not later:
            assert time.monotonic() < until, "it was never brought along"
            time.sleep(0.01)
        assert ids(engines.of(later).search("arztpraxis", "de")) == []

    def test_whoever_began_before_an_update_does_not_take_the_index_back(self) -> None:
        begun, later = datetime(2026, 11, 2, 11, 0, tzinfo=UTC), datetime(2026, 11, 2, 11, 1, tzinfo=UTC)
        before = replace(town(), loaded_at=begun)
        engines = SearchEngines(NoEmbedder(), VectorCache(memory_sessions()))
        engines.of(before)
        brought_along = engines.of(replace(moved_on(before), loaded_at=later))
        engines.of(before)
        assert ids(brought_along.search("singkreis", "de")) == ["service:choir"]

    def test_neighbours_do_not_share_an_index(self) -> None:
        engines = SearchEngines(NoEmbedder(), VectorCache(memory_sessions()))
        other = knowledge(service("only-here", name="Singkreis"), town=municipality("nachbarstadt"))
        assert ids(engines.of(other).search("singkreis", "de")) == ["service:only-here"]
        assert ids(engines.of(town()).search("singkreis", "de")) == []
