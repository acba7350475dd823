"""What comes back from translators, whichever program saved it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.exchange.xliff import UnitState, XliffError, export_xliff, read_xliff
from knowledge.exchange.xliff.reader import LARGEST_FILE
from knowledge.exchange.xliff.units import address_id, address_of
from tests.unit.knowledge.exchange.xliff.units import edited, unit

NS = "urn:oasis:names:tc:xliff:document:2.0"
texts = st.text(alphabet=st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20)


def file(body: str, head: str = 'version="2.0" srcLang="de" trgLang="en"', before: str = "") -> bytes:
    return f'<?xml version="1.0"?>{before}<xliff xmlns="{NS}" {head}><file id="f">{body}</file></xliff>'.encode()


def one(inner: str) -> bytes:
    return file(f'<unit id="service:office:description">{inner}</unit>')


class TestWhatToolsDo:
    def test_a_translation_and_its_state_are_read(self) -> None:
        data = edited(
            export_xliff([unit()], "de", "en"), ("</source>", "</source><target>It is open.</target>"), ('"initial"', '"reviewed"')
        )
        (read,) = read_xliff(data).units
        assert (read.target, read.state, read.record, read.field) == ("It is open.", UnitState.REVIEWED, "ankerstadt/office", "description")

    def test_segments_that_a_tool_cut_are_put_together_with_what_stands_between(self) -> None:
        data = one(
            '<segment state="final"><source>Eins.</source><target>One.</target></segment>'
            "<ignorable><source> </source></ignorable>"
            '<segment state="translated"><source>Zwei.</source><target>Two.</target></segment>'
        )
        (read,) = read_xliff(data).units
        assert (read.source, read.target, read.state) == ("Eins. Zwei.", "One. Two.", UnitState.TRANSLATED)

    def test_a_tool_may_number_the_units_of_each_record_anew(self) -> None:
        data = export_xliff([unit(record="office"), unit(record="school")], "de", "en")
        renumbered = re.sub(rb'<unit id="[^"]+"', b'<unit id="1"', data)
        assert renumbered.count(b'<unit id="1"') == 2
        assert [one.record for one in read_xliff(renumbered).units] == ["office", "school"]

    def test_segments_come_in_the_order_of_the_target(self) -> None:
        data = one(
            '<segment><source>Eins.</source><target order="3">One.</target></segment><ignorable><source> </source></ignorable>'
            '<segment><source>Zwei.</source><target order="1">Two.</target></segment>'
        )
        assert read_xliff(data).units[0].target == "Two. One."

    def test_a_unit_that_is_half_translated_has_no_translation_yet(self) -> None:
        data = one("<segment><source>Eins.</source><target>One.</target></segment><segment><source>Zwei.</source></segment>")
        assert read_xliff(data).units[0].target == ""

    def test_marks_and_codes_leave_their_words(self) -> None:
        data = one(
            "<originalData><data id='d'>x</data></originalData><segment><source>a</source>"
            "<target>"
            "A <pc id='1'>bold <mrk id='m1' translate='no'>Amt</mrk></pc><ph id='2' equiv='!'/><cp hex='000B'/> end</target></segment>"
        )
        assert read_xliff(data).units[0].target == "A bold Amt!\x0b end"

    def test_a_file_without_our_metadata_still_says_where_its_texts_belong(self) -> None:
        data = export_xliff([unit(field="steps", index=2)], "de", "en")
        start, end = data.index(b"<mda:metadata"), data.index(b"</mda:metadata>") + len(b"</mda:metadata>")
        (read,) = read_xliff(data[:start] + data[end:]).units
        assert (read.kind, read.record, read.field, read.index, read.digest) == ("service", "ankerstadt/office", "steps", 2, "")

    def test_a_file_whose_units_were_named_anew_says_it_in_its_metadata(self) -> None:
        data = edited(
            export_xliff([unit(field="steps", index=2)], "de", "en"), ('unit id="service', 'unit id="x-service'), (":steps:2", ".steps.2")
        )
        (read,) = read_xliff(data).units
        assert (read.kind, read.record, read.field, read.index) == ("service", "ankerstadt/office", "steps", 2)

    def test_groups_and_other_modules_are_passed_over(self) -> None:
        data = file(
            '<group id="g"><unit id="a:b:c"><x:thing xmlns:x="urn:x"><x:unit id="no"/></x:thing>'
            "<segment><source>a</source><target>b</target></segment></unit></group>"
        )
        assert [(read.id, read.target) for read in read_xliff(data).units] == [("a:b:c", "b")]

    def test_utf_16_is_read(self) -> None:
        data = (
            file('<unit id="a:b:c"><segment><source>ä</source></segment></unit>')
            .decode()
            .replace('version="1.0"', 'version="1.0" encoding="UTF-16"', 1)
        )
        assert read_xliff(data.encode("utf-16")).units[0].source == "ä"


@given(texts, texts, texts, st.one_of(st.none(), st.integers(0, 10**6)))
def test_an_address_is_read_back_from_its_id(kind: str, record: str, field: str, index: int | None) -> None:
    assert address_of(address_id(kind, record, field, index)) == (kind, record, field, index)


GOOD = '<unit id="a:b:c"><segment><source>a</source></segment></unit>'


class TestBadFiles:
    @pytest.mark.parametrize(
        ("data", "key"),
        [
            (b"", "xliff.not_xml"),
            (b"\x00\x01\x02", "xliff.not_xml"),
            (b"PK\x03\x04", "xliff.not_xml"),
            (file(GOOD)[:-20], "xliff.not_xml"),
            (b'<?xml version="1.0" encoding="klingon"?><xliff/>', "xliff.not_xml"),
            (b"<html/>", "xliff.not_xliff"),
            (b'<xliff version="1.2" xmlns="urn:oasis:names:tc:xliff:document:1.2"/>', "xliff.version"),
            (file(GOOD, 'version="2.1" srcLang="de" trgLang="en"'), "xliff.version"),
            (file(GOOD, 'version="2.0" srcLang="de"'), "xliff.no_language"),
            (file(""), "xliff.no_units"),
            (file("<unit><segment><source>a</source></segment></unit>"), "xliff.no_id"),
            (file(GOOD + GOOD), "xliff.twice"),
            (b" " * (LARGEST_FILE + 1), "xliff.too_large"),
        ],
    )
    def test_each_mistake_has_its_own_message(self, data: bytes, key: str) -> None:
        with pytest.raises(XliffError) as raised:
            read_xliff(data)
        assert raised.value.key == key

    def test_the_line_of_the_damage_is_named(self) -> None:
        with pytest.raises(XliffError) as raised:
            read_xliff(b"<xliff>\n\n<file></xliff>")
        assert raised.value.fields == {"line": 3}

    def test_two_names_for_one_text_are_refused(self) -> None:
        data = export_xliff([unit(field="name"), unit(field="fees")], "de", "en")
        twice = edited(data, (':fees"', '.fees"'), ('type="field">fees', 'type="field">name'))
        with pytest.raises(XliffError, match="twice"):
            read_xliff(twice)

    def test_a_file_cannot_make_us_read_other_files(self, tmp_path: Path) -> None:
        secret = tmp_path / "secret.txt"
        secret.write_text("secret words", encoding="utf-8")
        data = file(
            '<unit id="a:b:c"><segment><source>&x;</source></segment></unit>',
            before=f'<!DOCTYPE xliff [<!ENTITY x SYSTEM "{secret.as_uri()}">]>',
        )
        with pytest.raises(XliffError) as raised:
            read_xliff(data)
        assert raised.value.key == "xliff.unsafe"
        assert "secret" not in str(raised.value)

    def test_a_file_cannot_grow_in_memory(self) -> None:
        entities = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10 if n else "ha" * 10}">' for n in range(12))
        data = file('<unit id="a:b:c"><segment><source>&a11;</source></segment></unit>', before=f"<!DOCTYPE xliff [{entities}]>")
        with pytest.raises(XliffError) as raised:
            read_xliff(data)
        assert raised.value.key == "xliff.unsafe"

    def test_marks_within_marks_without_end_do_no_harm(self) -> None:
        deep = 20_000
        data = one("<segment><source>" + "<mrk id='m'>" * deep + "x" + "</mrk>" * deep + "</source></segment>")
        assert read_xliff(data).units[0].source == "x"


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200), st.integers(0, 900))
def test_a_damaged_file_is_a_clear_error_and_nothing_else(noise: bytes, place: int) -> None:
    data = export_xliff([unit(target="Words")], "de", "en")
    try:
        read_xliff(data[:place] + noise + data[place:])
    except XliffError as error:
        assert error.key.startswith("xliff.")
