"""A form as its template shows it: every field with its label, hint, value, choices and mistakes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from knowledge.domain.sentences import count_sentences
from knowledge.web.desk.records.choices import MOST_LISTED, RECORDS, Choices, Option
from knowledge.web.desk.records.fields import FIND, LEAVE_OUT, Fields, blank_row, first, rows
from knowledge.web.desk.records.formats import numbers_from_the_left
from knowledge.web.desk.records.hours_field import Told
from knowledge.web.desk.records.problems import Link, Problems
from knowledge.web.desk.records.shapes import FORMS, WORDS, Field, Group, Widget, all_fields, at_row, parts
from locales.catalogue import LAST_RESORT, catalogue, say

Numbers = tuple[int | str, ...]


@dataclass(frozen=True, slots=True)
class FieldView:
    """One field. `links` are other records to look at before going on; `told` is what was understood of opening hours."""

    name: str
    widget: str
    label: str
    hint: str
    required: bool
    values: Sequence[str]
    options: Sequence[Option] = ()
    problems: Sequence[str] = ()
    links: Sequence[Link] = ()
    fixed: bool = False
    short: bool = False
    words: bool = False
    focus: bool = False
    told: Told | None = None
    leave_out: bool = False
    find: str = ""
    many: bool = False
    target: str = ""
    sentences: int = 0
    in_row: bool = False

    @property
    def id(self) -> str:
        """Of its element."""
        return "f-" + self.name.replace(".", "-")

    @property
    def value(self) -> str:
        """The only value."""
        return self.values[0] if self.values else ""

    @property
    def groups(self) -> list[tuple[str, list[Option]]]:
        """The options under their headings."""
        return [(title, list(some)) for title, some in groupby(self.options, key=lambda one: one.group)]

    @property
    def described_by(self) -> str:
        """Ids of what a screen reader reads after the label."""
        there = [(self.hint, "hint"), (self.problems, "problem"), (self.links, "similar"), (self.told and self.told.sentence, "told")]
        return " ".join(f"{self.id}-{what}" for found, what in there if found)


@dataclass(frozen=True, slots=True)
class RowView:
    """One row of a group. `title` has the number in the middle: (before, number, after)."""

    name: str
    title: tuple[str, str, str]
    parts: Sequence[FieldView | GroupView]

    @property
    def id(self) -> str:
        """Of its element."""
        return "r-" + self.name.replace(".", "-")


@dataclass(frozen=True, slots=True)
class GroupView:
    """Rows, and an empty one for the script that adds more. `level` is how deep the group lies in others."""

    name: str
    label: str
    hint: str
    add: str
    rows: Sequence[RowView]
    empty: RowView
    level: int
    ordered: bool
    single: bool
    problems: Sequence[str] = ()
    widget: str = "group"

    @property
    def tight(self) -> bool:
        """Whether a row fits on a line: its fields then say what its title would."""
        return not self.single and all(isinstance(part, FieldView) for part in self.empty.parts)

    @property
    def id(self) -> str:
        """Of its element."""
        return "g-" + self.name.replace(".", "-")


@dataclass(frozen=True, slots=True)
class SectionView:
    """A part of the form under a heading."""

    key: str
    title: str
    parts: Sequence[FieldView | GroupView]
    folded: bool


def field_names(kind: str, fields: Mapping[str, list[str]]) -> tuple[str, ...]:
    """Names of all fields that the form shows, in order."""
    found: list[str] = []

    def walk(part: Field | Group, numbers: Numbers) -> None:
        if isinstance(part, Field):
            found.append(at_row(part.path, numbers))
            return
        for number in _shown_rows(part, fields, numbers):
            for inner in part.parts:
                walk(inner, (*numbers, number))

    for part in parts(kind):
        walk(part, ())
    return tuple(found)


def _shown_rows(group: Group, fields: Mapping[str, list[str]], numbers: Numbers) -> list[int]:
    return rows(fields, at_row(group.path, numbers)) or ([0] if group.blank else [])


def words_for(kind: str, path: str, suffix: str, language: str, **values: object) -> str:
    """A label or hint of a field: the one of this kind, the one that kinds share, or none."""
    plain = path.replace(".*", "")
    for key in (f"desk.field.{kind}.{plain}{suffix}", f"desk.field.{plain}{suffix}"):
        if key in catalogue(LAST_RESORT):
            return numbers_from_the_left(say(key, language, **values), language)
    return ""


@dataclass
class FormBuilder:
    """Builds the view of one form. `existing`: the record is there, so what is fixed cannot be changed."""

    kind: str
    fields: Fields
    choices: Choices
    problems: Problems
    existing: bool
    focus: str = ""
    told: Mapping[str, Told] = field(default_factory=dict)

    @property
    def language(self) -> str:
        """The reader's."""
        return self.choices.language

    def sections(self) -> list[SectionView]:
        """The whole form."""
        found = []
        for section in FORMS[self.kind]:
            views = [self._part(part, (), self.fields) for part in section.parts]
            wrong = any(self._is_wrong(part) for part in section.parts)
            title = say(f"desk.section.{section.key}", self.language)
            found.append(SectionView(section.key, title, views, section.folded and not wrong))
        return found

    def _is_wrong(self, part: Field | Group) -> bool:
        names = [part.path] if isinstance(part, Field) else [one.path for one in all_fields(part.parts)]
        return any(self.problems.at(name) for name in names)

    def _part(self, part: Field | Group, numbers: Numbers, fields: Fields) -> FieldView | GroupView:
        return self._group(part, numbers, fields) if isinstance(part, Group) else self._field(part, numbers, fields)

    def _group(self, group: Group, numbers: Numbers, fields: Fields) -> GroupView:
        name = at_row(group.path, numbers)
        single = len(group.parts) == 1
        shown: list[RowView] = []
        for position, number in enumerate(_shown_rows(group, fields, numbers)):
            there = number in rows(fields, name)
            filled = fields if there else {**fields, **blank_row(group, (*numbers, number))}
            shown.append(self._row(group, (*numbers, number), filled, str(position + 1)))
        mark = f"__{len(numbers)}__"
        empty_numbers = (*numbers, mark)
        empty = self._row(group, empty_numbers, blank_row(group, empty_numbers), f"__n{len(numbers)}__")
        return GroupView(
            name,
            words_for(self.kind, group.path, "", self.language),
            words_for(self.kind, group.path, ".hint", self.language),
            words_for(self.kind, group.path, ".add", self.language),
            shown,
            empty,
            len(numbers),
            group.ordered,
            single,
            self.problems.at(name),
        )

    def _row(self, group: Group, numbers: Numbers, fields: Fields, position: str) -> RowView:
        before, _, after = words_for(self.kind, group.path, ".row", self.language, number="\x00").partition("\x00")
        views = [self._part(part, numbers, fields) for part in group.parts]
        return RowView(f"{at_row(group.path, numbers)}.{numbers[-1]}", (before, position, after), views)

    def _field(self, part: Field, numbers: Numbers, fields: Fields) -> FieldView:
        name = at_row(part.path, numbers)
        values = [value for value in fields.get(name, [])]
        value = values[0] if values else ""
        find = first(fields, f"{FIND}{name}")
        options: Sequence[Option] = ()
        if part.widget is Widget.PICK:
            options = self.choices.picks(part.options, value.strip(), find)
        elif part.options:
            options = self.choices.options(part.options)
            if part.widget is Widget.SELECT and value and value not in {one.value for one in options}:
                options = [*options, Option(value, value)]
        return FieldView(
            name=name,
            widget=part.widget.value,
            label="" if part.path.endswith("*") else words_for(self.kind, part.path, "", self.language),
            hint="" if part.path.endswith("*") else words_for(self.kind, part.path, ".hint", self.language),
            required=part.required,
            values=values,
            options=options,
            problems=self.problems.at(name),
            links=self.problems.links.get(name, ()),
            fixed=part.fixed and self.existing,
            short=part.short,
            words=part.widget in WORDS,
            focus=name == self.focus,
            told=self.told.get(name),
            leave_out=bool(first(fields, f"{LEAVE_OUT}{name}")),
            find=find,
            many=part.widget is Widget.PICK and len(self.choices.records(part.options)) > MOST_LISTED,
            target=part.options if part.options in RECORDS else "",
            sentences=count_sentences(value) if part.path == "texts.answer" and value.strip() else 0,
            in_row=bool(numbers),
        )


def listed_problems(sections: Sequence[SectionView]) -> list[tuple[str, str, str]]:
    """All problems in the order of the form: (id of the field, its label, words)."""
    found: list[tuple[str, str, str]] = []

    def walk(part: FieldView | GroupView, row: str) -> None:
        label = f"{row}: {part.label}" if row and part.label else row or part.label
        found.extend((part.id, label, words) for words in part.problems)
        if isinstance(part, GroupView):
            for one in part.rows:
                title = "".join(one.title)
                for inner in one.parts:
                    walk(inner, title)

    for section in sections:
        for part in section.parts:
            walk(part, "")
    return found
