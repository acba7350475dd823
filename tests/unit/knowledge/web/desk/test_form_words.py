"""Everything that a form asks and everything that can be wrong has words."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from pydantic import ValidationError

from knowledge.config import PROJECT
from knowledge.documents.models import MODELS
from knowledge.domain.topics import load_topics
from knowledge.web.desk.records.choices import _FIXED, RECORDS
from knowledge.web.desk.records.problems import Problems, problem_words
from knowledge.web.desk.records.shapes import FORMS, Field, Group, all_fields, parts
from knowledge.web.desk.records.views import field_names, words_for
from locales.catalogue import catalogue

FIELDS = [(kind, field) for kind in FORMS for field in all_fields(parts(kind))]
LANGUAGES = ("en", "de")
TEMPLATES = PROJECT / "knowledge/web/desk/templates/records"


def groups(found: tuple[Field | Group, ...]) -> list[Group]:
    return [one for part in found if isinstance(part, Group) for one in (part, *groups(part.parts))]


def test_there_is_a_form_for_every_kind() -> None:
    assert set(FORMS) == set(MODELS)


@pytest.mark.parametrize(("kind", "field"), FIELDS, ids=lambda one: one if isinstance(one, str) else one.path)
def test_every_field_has_a_label(kind: str, field: Field) -> None:
    single = field.path.endswith(".*")
    assert single or words_for(kind, field.path, "", "en")
    assert field.options in _FIXED or field.options in RECORDS or field.options in ("", "district")


@pytest.mark.parametrize("kind", FORMS)
def test_every_group_has_a_label_a_button_and_a_title_with_its_number(kind: str) -> None:
    for group in groups(parts(kind)):
        assert words_for(kind, group.path, "", "en")
        assert words_for(kind, group.path, ".add", "en")
        assert "7" in words_for(kind, group.path, ".row", "en", number=7)


@pytest.mark.parametrize("kind", FORMS)
def test_every_section_has_a_heading(kind: str) -> None:
    assert {f"desk.section.{section.key}" for section in FORMS[kind]} <= set(catalogue("en"))


@pytest.mark.parametrize("name", _FIXED)
@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_that_can_be_chosen_has_words(name: str, language: str) -> None:
    for one in _FIXED[name](language):
        assert one.label
        assert not re.fullmatch(r"(desk|topic)\.[a-z_.]+", one.label), one


def test_every_topic_stands_in_a_domain_with_words() -> None:
    options = _FIXED["topic"]("en")
    assert [one.value for one in options] == list(load_topics().topics)
    assert all("." not in one.group for one in options)


def rules() -> set[str]:
    """Keys of all rules of documents: the first argument of `Wrong(…)`."""
    found = set()
    for path in (PROJECT / "knowledge/documents").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Wrong":
                assert isinstance(node.args[0], ast.Constant)
                found.add(str(node.args[0].value))
    return found


def test_every_rule_has_words() -> None:
    assert len(rules()) > 10
    assert {f"problem.{key}" for key in rules()} <= set(catalogue("en"))


def test_every_problem_that_the_forms_name_has_words() -> None:
    folder = PROJECT / "knowledge/web/desk/records"
    code = "\n".join(path.read_text(encoding="utf-8") for path in folder.glob("*.py"))
    named = (
        set(re.findall(r'problems\.add\([^,]+, "([a-z_]+)"', code)) | set(re.findall(r'return "(hours_[a-z_]+)"', code)) | {"email", "url"}
    )
    assert {"choice", "taken", "hours_not_seen"} <= named
    assert {f"problem.{key}" for key in named} <= set(catalogue("en"))


def test_every_word_that_the_templates_ask_for_is_there() -> None:
    known = set(catalogue("en"))
    for path in TEMPLATES.glob("*.html"):
        text = Path(path).read_text(encoding="utf-8")
        asked = set(re.findall(r'\bt\("([a-z_.]+)"[,)]', text))
        assert asked - known == set(), path.name
        for beginning in re.findall(r'\bt\("([a-z_.]+\.)" ~', text):
            assert any(key.startswith(beginning) for key in known), (path.name, beginning)


def test_english_and_german_have_the_same_keys_in_these_parts() -> None:
    for part in ("records", "problem"):
        keys = [
            set(re.findall(r'^msgid "(.+)"$', (PROJECT / f"locales/catalogues/{code}.{part}.po").read_text("utf-8"), re.M))
            for code in LANGUAGES
        ]
        assert keys[0] == keys[1]


def problems_of(kind: str, document: dict[str, object], fields: dict[str, list[str]] | None = None) -> dict[str, list[str]]:
    problems = Problems("en", field_names(kind, fields or {}))
    with pytest.raises(ValidationError) as caught:
        MODELS[kind].parse_obj(document)
    problems.add_all(caught.value)
    return problems.by_name


def test_a_mistake_stands_at_the_field_where_it_was_made() -> None:
    service = {
        "id": "x",
        "topics": ["no.such"],
        "phones": [{"number": "112"}, {"number": "abc"}],
        "at": [{"location": "a", "exceptions": [{"date": "x", "closed": True}, {"date": "2026-01-01", "opens": "9", "closes": "10:00"}]}],
        "texts": {},
    }
    fields = {
        "phones.0.number": ["112"],
        "phones.1.number": ["abc"],
        "at.0.exceptions.0.date": ["x"],
        "at.0.exceptions.1.date": ["2026-01-01"],
    }
    found = problems_of("service", service, fields)
    assert set(found) == {
        "organization", "topics", "phones.1.number", "at.0.exceptions.0.date", "at.0.exceptions.1.date", "texts.name",
    }  # fmt: skip
    assert "abc" in found["phones.1.number"][0]


def test_a_missing_answer_and_a_long_one_are_told_at_the_answer() -> None:
    article = {"topic": "health.doctor", "checked_on": "2026-01-01", "source": {}, "texts": {"title": "T"}}
    found = problems_of("article", article)
    assert found["texts.answer"] == [problem_words("value_error_missing", "en")]
    assert {"source.title", "source.url", "source.level"} <= set(found)
    long = {**article, "texts": {"title": "T", "answer": "One. Two. Three. Four."}}
    assert "4 sentences" in problems_of("article", long)["texts.answer"][0]


def test_an_unknown_rule_has_words_too() -> None:
    assert problem_words("value_error_of_a_later_version", "de") == problem_words("other", "de")
