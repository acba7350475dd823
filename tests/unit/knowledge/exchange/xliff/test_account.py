"""Every unit that comes back is accounted for, and nothing newer is overwritten."""

from __future__ import annotations

import pytest

from knowledge.documents.canonical import text_digest
from knowledge.domain.locked_words import LockedWords
from knowledge.domain.text import TranslationState
from knowledge.exchange.xliff import Outcome, Unit, XliffError, XliffFile, account, check_languages, export_xliff, read_xliff, taken_fields
from tests.unit.knowledge.exchange.xliff.units import edited, steps, unit

TRANSLATED = ("</source>", "</source><target>Please call us.</target>")


def came_back(*changes: tuple[str, str], sent: list[Unit] | None = None) -> XliffFile:
    return read_xliff(edited(export_xliff(sent or [unit()], "de", "en"), *changes))


def outcome(file: XliffFile, *current: Unit) -> Outcome:
    (found,) = account(file, current)
    return found.outcome


def test_a_new_translation_is_taken() -> None:
    assert outcome(came_back(TRANSLATED), unit()) is Outcome.TAKEN


def test_a_text_that_nobody_translated_is_unchanged() -> None:
    assert outcome(came_back(), unit()) is Outcome.UNCHANGED


def test_the_words_that_are_there_already_are_unchanged() -> None:
    kept = unit(target="We are open.")
    assert outcome(came_back(sent=[kept]), kept) is Outcome.UNCHANGED


def test_a_source_that_changed_meanwhile_makes_the_translation_outdated() -> None:
    assert outcome(came_back(TRANSLATED), unit("Das Bürgerbüro ist zu.")) is Outcome.OUTDATED


def test_without_a_digest_the_words_of_the_source_tell_whether_they_changed() -> None:
    file = came_back(TRANSLATED, (text_digest(unit().source), ""))
    assert outcome(file, unit()) is Outcome.TAKEN
    assert outcome(file, unit("Das Bürgerbüro ist zu.")) is Outcome.OUTDATED


def test_a_text_that_is_not_ours_is_unknown() -> None:
    assert outcome(came_back(TRANSLATED), unit(record="ankerstadt/other")) is Outcome.UNKNOWN
    foreign = XliffFile("de", "en", read_xliff(edited(export_xliff([unit()], "de", "en"), ("service:", "x-"))).units)
    assert outcome(foreign, unit(record="another")) is Outcome.UNKNOWN


def test_a_machine_text_that_a_person_confirms_as_it_is_is_taken() -> None:
    machine = unit(target="We are open.", state=TranslationState.MACHINE)
    assert outcome(came_back(sent=[machine]), machine) is Outcome.UNCHANGED
    assert outcome(came_back(('"translated"', '"reviewed"'), sent=[machine]), machine) is Outcome.TAKEN


def test_locked_words_that_got_lost_are_named() -> None:
    (found,) = account(
        came_back(("</source>", "</source><target>The citizens' office is open.</target>")), [unit()], LockedWords(["Bürgerbüro"])
    )
    assert (found.outcome, found.lost) == (Outcome.TAKEN, ("Bürgerbüro",))


class TestFields:
    def test_a_field_is_written_with_the_digest_of_its_words(self) -> None:
        current = [unit()]
        (field,), waiting = taken_fields(account(came_back(TRANSLATED, ('"initial"', '"translated"')), current), current)
        assert (field.kind, field.record, field.field, field.body) == ("service", "ankerstadt/office", "description", "Please call us.")
        assert (field.digest, field.reviewed, waiting) == (text_digest(unit().source), True, [])

    def test_what_the_file_still_calls_initial_is_not_vouched_for(self) -> None:
        current = [unit()]
        (field,), _ = taken_fields(account(came_back(TRANSLATED), current), current)
        assert (field.machine, field.reviewed) == (False, False)

    def test_items_of_a_list_are_put_together_with_those_that_stay(self) -> None:
        sent = steps(("Anrufen", ""), ("Kommen", "Come"))
        current = steps(("Anrufen", ""), ("Kommen", "Come"))
        file = came_back(("Anrufen</source>", "Anrufen</source><target>Call us</target>"), sent=sent)
        (field,), _ = taken_fields(account(file, current), current)
        assert (field.field, field.body) == ("steps", "Call us\nCome")
        assert field.digest == text_digest("Anrufen\nKommen")

    def test_a_list_of_which_an_item_has_no_translation_waits(self) -> None:
        current = steps(("Anrufen", ""), ("Kommen", ""))
        file = came_back(("Anrufen</source>", "Anrufen</source><target>Call us</target>"), sent=current)
        fields, waiting = taken_fields(account(file, current), current)
        assert (fields, [one.read.target for one in waiting]) == ([], ["Call us"])

    def test_an_item_that_did_not_change_is_taken_although_another_did(self) -> None:
        sent = steps(("Anrufen", ""), ("Kommen", "Come"))
        current = steps(("Anrufen", ""), ("Vorbeikommen", "Come by"))
        file = came_back(("Anrufen</source>", "Anrufen</source><target>Call us</target>"), ("Come<", "Come in<"), sent=sent)
        accounts = account(file, current)
        assert [one.outcome for one in accounts] == [Outcome.TAKEN, Outcome.OUTDATED]
        (field,), _ = taken_fields(accounts, current)
        assert (field.body, field.digest) == ("Call us\nCome by", text_digest("Anrufen\nVorbeikommen"))

    def test_items_whose_translation_is_of_other_words_let_the_list_wait(self) -> None:
        current = [steps(("Anrufen", ""), ("Kommen", ""))[0], steps(("Anrufen", ""), ("Kommen", "Old"), state=TranslationState.OUTDATED)[1]]
        file = came_back(("Anrufen</source>", "Anrufen</source><target>Call us</target>"), sent=current[:1])
        fields, waiting = taken_fields(account(file, current), current)
        assert (fields, len(waiting)) == ([], 1)

    def test_a_machines_item_beside_a_persons_is_not_reviewed(self) -> None:
        current = steps(("Anrufen", ""), ("Kommen", "Come"), state=TranslationState.MACHINE)
        changes = (("Anrufen</source>", "Anrufen</source><target>Call us</target>"), ('"initial"', '"final"'))
        (field,), _ = taken_fields(account(came_back(*changes, sent=current), current), current)
        assert (field.machine, field.reviewed) == (True, False)

    def test_an_item_of_a_list_stays_on_one_line(self) -> None:
        current = steps(("Anrufen", ""))
        file = came_back(("</source>", "</source><target>Call\n us</target>"), sent=current)
        (field,), _ = taken_fields(account(file, current), current)
        assert field.body == "Call us"


@pytest.mark.parametrize(
    ("source", "target", "fits"), [("de", "en", True), ("de-DE", "en-GB", True), ("fr", "en", False), ("de", "ar", False)]
)
def test_a_file_of_other_languages_is_refused(source: str, target: str, fits: bool) -> None:
    file = XliffFile(source, target, ())
    if fits:
        check_languages(file, "de", "en")
    else:
        with pytest.raises(XliffError, match="other_language"):
            check_languages(file, "de", "en")
