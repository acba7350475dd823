"""Screens that one comes to by doing something: mistakes, two people at once, refusals, failures, and what follows a good deed."""

from __future__ import annotations

import pyotp
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from knowledge.documents.canonical import text_digest
from knowledge.editorial import autosave
from knowledge.editorial.accounts.form_tokens import Owner
from knowledge.editorial.accounts.kept_forms import Field
from knowledge.editorial.accounts.kept_forms import keep as keep_form
from knowledge.editorial.locks import acquire
from knowledge.editorial.records import body
from knowledge.editorial.translate import sections
from knowledge.exchange.xliff import Unit, export_xliff
from knowledge.store.desk_tables import RecordRow
from knowledge.web.desk.records.documents import fields_of
from tests.browser.desk_pages import DeskServer
from tests.browser.every_screen.city import OFFICE, PASSWORD, changed, key
from tests.browser.every_screen.imports import RUNS
from tests.browser.every_screen.screens import IN_OUT, KINDS, LISTS, Act, Screen, record
from tests.integration.desk.people import CITY, user_of

# Somebody else has the first one open and changes the second one meanwhile; a translation of the third one is kept.
HELD, CHANGED, TRANSLATED = "housing-office", "legal-advice-asylum", "doctor-finder"
TYPED = "jobcenter-service"
# Partly understood, as a reader types them.
HOURS = {"de": "Mo 9-12, bei Vollmond", "ar": "الاثنين 9-12، عند اكتمال القمر"}


def sending(form: str, **fields: str) -> Act:
    """Fill in a form and send it as it is, whatever the browser would say about it."""

    def act(page: Page, server: DeskServer) -> None:
        for name, value in fields.items():
            page.locator(f"{form} [name='{name}']").fill(value)
        # Also what a folded part hides.
        page.eval_on_selector(form, "(form) => { form.noValidate = true; }")
        button = page.locator(f"{form} button:not([tabindex='-1']):not([type=button])").first
        with page.expect_navigation():
            button.evaluate("(one) => one.form.requestSubmit(one)")

    return act


def pressing(button: str) -> Act:
    """Press a button that leads to another page."""

    def act(page: Page, server: DeskServer) -> None:
        with page.expect_navigation():
            page.locator(button).first.click()

    return act


def in_turn(*acts: Act) -> Act:
    """One after the other."""

    def act(page: Page, server: DeskServer) -> None:
        for one in acts:
            one(page, server)

    return act


def wrong_passwords(page: Page, server: DeskServer) -> None:
    """As often as it takes to be shut out."""
    for _ in range(6):
        sending("form[action='/desk/sign-in']", email="locked_out@desk.example", password="falsch")(page, server)


def first_code(page: Page, server: DeskServer) -> None:
    """Set the second factor up: the recovery codes are shown."""
    pressing("form[action$='/begin'] button")(page, server)
    secret = page.locator(".key code").inner_text().replace(" ", "")
    sending("form[action$='/confirm']", code=pyotp.TOTP(secret).now())(page, server)


def invited(page: Page, server: DeskServer) -> None:
    """Invite somebody; the link is shown."""
    page.check("#role-editor")
    sending("main form", name="Neue Kollegin", email=f"neu-{page.evaluate('document.documentElement.lang')}@desk.example")(page, server)


def nothing_written(page: Page, server: DeskServer) -> None:
    """Save an empty form: what is missing is said, and nothing is made."""
    pressing("button.main[data-save]")(page, server)
    expect(page.locator(".problems li").first).to_be_visible()


def hours_and_likeness(page: Page, server: DeskServer) -> None:
    """A form with mistakes of every sort, hours that were not understood, and a list to choose from."""
    page.fill("[name='texts.name']", "Bürgerbüro Nordstadt")
    page.fill("[name='at.0.hours']", HOURS[page.evaluate("document.documentElement.lang")])
    page.fill("[name='phones.0.number']", "abc")
    pressing("button.main[data-save]")(page, server)
    expect(page.locator("mark")).to_be_visible()


def choosing(page: Page, server: DeskServer) -> None:
    """A list to choose from is open."""
    page.locator("#f-organization").click()
    page.keyboard.press("ArrowDown")
    expect(page.locator(".combo [role=option]:visible").first).to_be_visible()


def hold(server: DeskServer, _: str) -> None:
    """Somebody else has the record open."""
    other = server.actor("second_editor")
    server.do(lambda session: acquire(session, other, key("service", HELD), take_over=True))


def typed(server: DeskServer, language: str) -> None:
    """Something was typed into the record and not saved."""
    writer = server.actor("administrator")

    def work(session: Session) -> None:
        row = session.get_one(RecordRow, key("service", TYPED))
        fields = {**fields_of("service", body(session, row), language), "texts.name": ["Jobcenter am Hafen"], "texts.fees": ["Umsonst."]}
        autosave.keep(session, writer, CITY, row.id, "service", 1, fields)

    server.do(work)


def sent_too_late(server: DeskServer, language: str) -> None:
    """A hint and a form came when their sender's session was over."""

    def work(session: Session) -> None:
        owner = Owner(user_of(session, "two_cities").id, CITY)
        for path, name in (("/desk/suggest", "text"), (record("service", "/edit"), "texts.fees")):
            words = [Field(name, "Der Eingang ist jetzt hinten.\nBitte klingeln.", typed=True)]
            assert keep_form(session, server.desk.settings.secret, owner, path, words)

    server.do(work)


def untouched(server: DeskServer, _: str) -> None:
    """Nobody has typed anything into the record."""
    writer = server.actor("administrator")
    server.do(lambda session: autosave.discard(session, writer, key("service", CHANGED)))


def two_versions(page: Page, server: DeskServer) -> None:
    """Somebody else saves the record while this person types."""
    other = server.actor("second_editor")

    def work(session: Session) -> None:
        number = session.get_one(RecordRow, key("service", CHANGED)).newest
        changed(session, other, key("service", CHANGED), fees=f"Zehn Euro, Stand {number}.", description=f"Hilfe für alle: {number}.")

    server.do(work)
    page.fill("[name='texts.fees']", "Fünf Euro, jeden zweiten Montag.")
    page.fill("[name='texts.eligibility']", "Für alle, die neu sind.")
    pressing("button.main[data-save]")(page, server)
    expect(page.locator("[name='choose.texts.fees']").first).to_be_visible()


def new_original(page: Page, server: DeskServer) -> None:
    """Somebody else changes the original while this person translates."""
    other = server.actor("second_editor")
    words = f"Kostet {server.do(lambda session: session.get_one(RecordRow, key('service', 'neu')).newest)} Euro."
    page.locator("#t-fees").fill("Gratuit pour tous")
    server.do(lambda session: changed(session, other, key("service", "neu"), fees=words))
    pressing("button[value='all']")(page, server)


def taken(page: Page, server: DeskServer) -> None:
    """The file's texts are taken over, and it is done."""
    a_translators_file(page, server)
    pressing("main .next button.main")(page, server)
    expect(page.locator(".notice.good")).to_be_visible()


def a_wrong_end(page: Page, server: DeskServer) -> None:
    """Shall be taken away in the past."""
    page.locator("section[aria-labelledby=plan] summary").click()
    sending("form[action$='/expiry']", expire_at="2020-01-01T10:00")(page, server)


def a_translators_file(page: Page, server: DeskServer) -> None:
    """Choose a file: what would become of every text is shown."""
    page.set_input_files("#file", {"name": "zurück.xlf", "mimeType": "application/xliff+xml", "buffer": xliff(server)})
    pressing("main button.main")(page, server)


def no_kind(page: Page, server: DeskServer) -> None:
    """Take out nothing."""
    for box in page.locator("[name=kind]").all():
        box.uncheck()
    sending("form[action$='/export']")(page, server)


def xliff(server: DeskServer) -> bytes:
    """A translator's file: a text to take, one that replaces another, one of older words."""

    def work(session: Session) -> bytes:
        units = []
        for section in sections(session, session.get_one(RecordRow, key("service", OFFICE)), "en"):
            old = section.field == "description"
            source, digest = ("alt", text_digest("alt")) if old else (section.source, section.source_digest)
            units.append(Unit("service", OFFICE, section.field, source, digest, target="Citizens' office"))
        return export_xliff(units, "de", "en")

    made: bytes = server.do(work)
    return made


def with_wrong_token(page: Page, server: DeskServer) -> None:
    """A form that was open for too long."""
    page.eval_on_selector_all("[name=csrf]", "(all) => all.forEach((one) => { one.value = 'old'; })")
    pressing("form[action='/desk/account/details'] button")(page, server)


_SIGN_IN, _CODE, _ACCOUNT = "form[action='/desk/sign-in']", "form[action='/desk/sign-in/code']", "/desk/account"

SIGNING_IN = (
    Screen("/desk/sign-in", "nobody", "empty", act=sending(_SIGN_IN)),
    Screen("/desk/sign-in", "nobody", "wrong", act=sending(_SIGN_IN, email="niemand@desk.example", password="falsch")),
    Screen("/desk/sign-in", "nobody", "shut out", act=wrong_passwords),
    Screen("/desk/sign-in/code", "halfway", "wrong", act=sending(_CODE, code="000000")),
    Screen("{welcome}", "nobody", "mistakes", act=sending("form.card", password="kurz", again="anders")),
    Screen(_ACCOUNT, state="no name", act=sending("form[action$='/details']", name=" ")),
    Screen(
        _ACCOUNT, state="passwords differ", act=sending("form[action$='/password']", present=PASSWORD, password="a" * 12, again="b" * 12)
    ),
    Screen(_ACCOUNT, state="saved", act=pressing("form[action$='/digest'] button")),
    Screen(f"{_ACCOUNT}/second-factor", "second_editor", "is set up", act=pressing("form[action$='/begin'] button")),
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
    Screen("/info/{language}/service/" + OFFICE, "nobody", "thanks", act=sending(".wrong form", text="Die Nummer ist falsch.")),
)

STATES: tuple[Screen, ...] = (*SIGNING_IN, *TELLING, *WRITING, *TRANSLATING, *BRINGING, *REFUSALS, *OUTSIDE)
