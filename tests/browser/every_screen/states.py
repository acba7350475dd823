"""Screens that one comes to by doing something: mistakes, two people at once, refusals, failures, and what follows a good deed."""

from __future__ import annotations

from tests.browser.every_screen.acts import (
    CHANGED,
    HELD,
    TRANSLATED,
    TYPED,
    a_translators_file,
    a_wrong_end,
    choosing,
    first_code,
    hold,
    hours_and_likeness,
    in_turn,
    invited,
    new_original,
    no_kind,
    nothing_written,
    pressing,
    sending,
    sent_too_late,
    taken,
    two_versions,
    typed,
    untouched,
    with_wrong_token,
    without_second_factor,
    wrong_passwords,
)
from tests.browser.every_screen.city import OFFICE, PASSWORD, key
from tests.browser.every_screen.imports import RUNS
from tests.browser.every_screen.screens import IN_OUT, KINDS, LISTS, Screen, record

_SIGN_IN, _CODE, _ACCOUNT = "form[action='/desk/sign-in']", "form[action='/desk/sign-in/code']", "/desk/account"

SIGNING_IN = (
    Screen("/desk/sign-in", "nobody", "empty", act=sending(_SIGN_IN)),
    Screen("/desk/sign-in", "nobody", "wrong", act=sending(_SIGN_IN, email="niemand@desk.example", password="falsch")),
    Screen("/desk/sign-in", "nobody", "shut out", act=wrong_passwords),
    Screen("/desk/sign-in/code", "halfway", "wrong", act=sending(_CODE, code="000000")),
    Screen("{welcome}", "nobody", "mistakes", act=sending("form.card", password="kurz", again="anders")),
    Screen("{accept}", "offered", "mistakes", act=sending("form.card", password="kurz", again="anders")),
    Screen("/desk/users/{offered}", state="a link to accept", act=pressing("form[action$='/offers/link'] button")),
    Screen(_ACCOUNT, state="no name", act=sending("form[action$='/details']", name=" ")),
    Screen(_ACCOUNT, state="e-mail address taken", act=sending("form[action$='/email']", email="editor@desk.example", present=PASSWORD)),
    Screen(
        _ACCOUNT, state="passwords differ", act=sending("form[action$='/password']", present=PASSWORD, password="a" * 12, again="b" * 12)
    ),
    Screen(_ACCOUNT, state="saved", act=pressing("form[action$='/digest'] button")),
    Screen(
        f"{_ACCOUNT}/second-factor",
        "second_editor",
        "is set up",
        before=without_second_factor,
        act=pressing("form[action$='/begin'] button"),
    ),
    Screen(f"{_ACCOUNT}/second-factor", "second_editor", "wrong", act=sending("form[action$='/confirm']", code="000000")),
    Screen(f"{_ACCOUNT}/second-factor", "second_editor", "recovery codes", act=first_code),
    Screen(f"{_ACCOUNT}/second-factor", "with_factor", "wrong password", act=sending("form[action$='/off']", password="falsch")),
    Screen("/desk/users/new", state="mistake", act=sending("main form", name="Neu", email="administrator@desk.example")),
    Screen("/desk/users/new", state="link", act=invited),
    Screen("/desk/users/{shut_out}", state="refused", act=sending("form[action$='/roles/add']")),
    Screen("{digest_off}", "nobody", "done", act=pressing("main button.main")),
)

TELLING = (
    Screen(f"/desk/suggest?record={key('service', OFFICE)}", state="empty", act=sending("main form.card")),
    Screen("/desk/questions/1", state="services", act=sending("form[role=search]", q="beratung")),
    Screen("/desk/todo/nobody", state="nobody chosen", act=pressing("main form button.main")),
    Screen("/desk/todo/due", state="checked", act=pressing("form[action='/desk/todo/due'] button")),
    Screen(record("service", local="tenants-association"), state="checked", act=pressing("form[action$='/verify'] button")),
    Screen(record("service", local="tenants-association"), state="full", act=pressing("form[action$='/capacity'] button >> nth=1")),
    Screen(record("service", local="tenants-association"), state="a wrong end", act=a_wrong_end),
    Screen(record("service", local="tenants-association"), "staff", "says nothing", act=sending("form[action$='/suggest']")),
)  # fmt: skip

WRITING = (
    *(Screen(f"{LISTS}/{kind}/new", state="mistakes", act=nothing_written) for kind in KINDS),
    Screen(f"{LISTS}/service/new", "reviewer", "hours, a likeness", act=hours_and_likeness),
    Screen(f"{LISTS}/service/new", "reviewer", "a list to choose from", act=choosing),
    Screen(record("service", "/edit", TYPED), state="typed and not saved", before=typed),
    Screen(record("service", "/edit?typed=yes", TYPED), state="gone on with", before=typed),
    Screen(record("service", "/edit", HELD), state="somebody else has it", before=hold),
    Screen(record("service", "/edit", CHANGED), state="two versions", before=untouched, act=two_versions),
    Screen(
        record("service", "/edit", CHANGED),
        state="two versions, none chosen",
        before=untouched,
        act=in_turn(two_versions, pressing("form .actions button.main")),
    ),
    Screen("/desk/kept", "two_cities", "sent too late", before=sent_too_late),
    Screen("/desk", "two_cities", "sent too late", before=sent_too_late),
)

TRANSLATING = (
    Screen("/desk/translations/locked-words", state="empty", act=sending("main form[action='/desk/translations/locked-words']")),
    Screen("/desk/translations/xliff", state="no file", act=sending("main form")),
    Screen("/desk/translations/xliff", state="what would be taken", act=a_translators_file),
    Screen("/desk/translations/xliff", state="taken", act=taken),
    Screen(record("service", "/translate/fr", "neu"), state="a new original", act=new_original),
    Screen(record("service", "/translate/tr", TRANSLATED), state="saved", act=pressing("button[value='all']")),
    Screen(record("service", "/translate/uk", "neu"), state="the service does not answer", act=pressing("form[action$='/machine'] button")),
)

BRINGING = (
    Screen(IN_OUT, state="nothing chosen", act=no_kind),
    Screen(f"{IN_OUT}/import", state="no file", act=sending("main form")),
    Screen(f"{IN_OUT}/run/{RUNS['pages']}?show=topic", state="an answer of it", act=pressing("main table button")),
    Screen(f"{IN_OUT}/run/{RUNS['failed']}", "editor", "not allowed", 403),
)  # fmt: skip

REFUSALS = (
    Screen("/desk/users", "editor", "not allowed", 403),
    Screen(record("service", local="nirgends"), state="not there", status=404),
    Screen("/desk/translations/de", state="not translated into", status=404),
    Screen("/desk/nirgends", state="no such address", status=404),
    Screen("/desk/broken", state="a mistake of ours", status=500),
    Screen(_ACCOUNT, "reviewer", "open for too long", act=with_wrong_token),
)

OUTSIDE = (
    Screen("/info/{language}/service/" + OFFICE, "nobody", "says nothing", act=sending(".wrong form")),
    Screen("/info/{language}/nonsense/page", "nobody", "no such address", 404),
    Screen("/info/{language}/service/" + OFFICE, "nobody", "thanks", act=sending(".wrong form", text="Die Nummer ist falsch.")),
)

STATES: tuple[Screen, ...] = (*SIGNING_IN, *TELLING, *WRITING, *TRANSLATING, *BRINGING, *REFUSALS, *OUTSIDE)
