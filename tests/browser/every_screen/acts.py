"""What people do on a page before it is looked at, and what happened before they came."""

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
from tests.browser.every_screen.city import OFFICE, changed, key
from tests.browser.every_screen.screens import Act, record
from tests.integration.desk.people import CITY, user_of

# Somebody else has the first one open and changes the second one meanwhile; a translation of the third one is kept.
HELD, CHANGED, TRANSLATED = "housing-office", "legal-advice-asylum", "doctor-finder"
TYPED = "jobcenter-service"
# Partly understood, as a reader types them.
HOURS = {"de": "Mo 9-12, bei Vollmond", "ar": "الاثنين 9-12، عند اكتمال القمر"}


def _language(page: Page) -> str:
    return str(page.evaluate("document.documentElement.lang"))


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
    sending("main form", name="Neue Kollegin", email=f"neu-{_language(page)}@desk.example")(page, server)


def nothing_written(page: Page, server: DeskServer) -> None:
    """Save an empty form: what is missing is said, and nothing is made."""
    pressing("button.main[data-save]")(page, server)
    expect(page.locator(".problems li").first).to_be_visible()


def hours_and_likeness(page: Page, server: DeskServer) -> None:
    """A form with mistakes of every sort, hours that were not understood, and a list to choose from."""
    page.fill("[name='texts.name']", "Bürgerbüro Nordstadt")
    page.fill("[name='at.0.hours']", HOURS[_language(page)])
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


def without_second_factor(server: DeskServer, _: str) -> None:
    """As before it was ever set up."""

    def work(session: Session) -> None:
        user = user_of(session, "second_editor")
        user.totp_secret = user.totp_last_step = None

    server.do(work)


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
    if page.locator("#replace").count():
        page.check("#replace")
    pressing("main .next button.main")(page, server)
    expect(page.locator(".notice.good")).to_be_visible()


def a_wrong_end(page: Page, server: DeskServer) -> None:
    """Shall be taken away in the past."""
    page.locator("section[aria-labelledby=plan] summary").click()
    sending("form[action$='/expiry']", expire_at="2020-01-01T10:00")(page, server)


def a_translators_file(page: Page, server: DeskServer) -> None:
    """Choose a file: what would become of every text is shown."""
    page.set_input_files(
        "#file", {"name": "zurück.xlf", "mimeType": "application/xliff+xml", "buffer": xliff(server, f"Office, {_language(page)}")}
    )
    pressing("main button.main")(page, server)


def no_kind(page: Page, server: DeskServer) -> None:
    """Take out nothing."""
    for box in page.locator("[name=kind]").all():
        box.uncheck()
    sending("form[action$='/export']")(page, server)


def xliff(server: DeskServer, words: str) -> bytes:
    """A translator's file with `words` in place of texts that are missing or of a machine, one of them of an older original."""

    def work(session: Session) -> bytes:
        units = []
        for section in sections(session, session.get_one(RecordRow, key("service", OFFICE)), "en"):
            old = section.field == "description"
            source, digest = ("alt", text_digest("alt")) if old else (section.source, section.source_digest)
            units.append(Unit("service", OFFICE, section.field, source, digest, target=words))
        return export_xliff(units, "de", "en")

    made: bytes = server.do(work)
    return made


def with_wrong_token(page: Page, server: DeskServer) -> None:
    """A form that was open for too long."""
    page.eval_on_selector_all("[name=csrf]", "(all) => all.forEach((one) => { one.value = 'old'; })")
    pressing("form[action='/desk/account/details'] button")(page, server)
