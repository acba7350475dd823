"""Which screens there are: the address of each, who looks at it, and in what state it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote

from playwright.sync_api import Page

from knowledge.editorial.home.parts import Name
from knowledge.web.desk.home.common import page_of
from knowledge.web.desk.records.sheets import KIND
from tests.browser.desk_pages import DeskServer
from tests.browser.every_screen.city import ARTICLE, OFFICE, key
from tests.browser.every_screen.imports import RUNS

KINDS = {
    "service": OFFICE, "article": ARTICLE, "page": "anfang",
    "organization": "stadt-ankerstadt", "location": "rathaus", "contact": "telefon",
}  # fmt: skip
RECORD, LISTS, IN_OUT = "/desk/record", "/desk/records", "/desk/exchange"
_RUN = r"/desk/exchange/run/{run:\d{1,9}}"
_TRANSLATION_RUN, _LANGUAGE = "/desk/translations/run/{number:[0-9]{1,9}}", "/desk/translations/{language:[a-z]{2,3}}"
LANGUAGES = ("en", "ar")


# What a reader does on a page before it is looked at, and what happened before they came (the last one is told their language).
Act = Callable[[Page, DeskServer], None]
Before = Callable[[DeskServer, str], None]


@dataclass(frozen=True)
class Screen:
    """A page to look at. `path` may hold {language}, that of the reader, and names of people for their numbers; `act` is
    what the reader does there first, `before` what happened before they came."""

    path: str
    who: str = "administrator"
    state: str = ""
    status: int = 200
    act: Act | None = None
    before: Before | None = None

    @property
    def name(self) -> str:
        """What it is called in a report."""
        return " ".join(one for one in (self.path, f"[{self.state}]" if self.state else "", f"as {self.who}") if one)


def record(kind: str, under: str = "", local: str = "") -> str:
    """The page of a record, or one below it."""
    return f"{RECORD}/{kind}/{quote(local or KINDS[kind], safe='')}{under}"


@dataclass(frozen=True)
class NoPage:
    """What a GET route answers with instead of a page, and an address of it."""

    what: str
    example: str


NO_PAGES = {
    "/desk/audit.csv": NoPage("a file to download", "/desk/audit.csv"),
    "/desk/account/second-factor/qr.svg": NoPage("a picture, on the page of the second factor", "/desk/account/second-factor/qr.svg"),
    f"{_RUN}/progress": NoPage("JSON for the script of the page that waits", f"{IN_OUT}/run/{RUNS['done']}/progress"),
    f"{_RUN}/lines/{{section}}": NoPage("a file to download", f"{IN_OUT}/run/{RUNS['planned']}/lines/rejected"),
    "/desk/records/token": NoPage("JSON for the script of the form", "/desk/records/token"),
    f"/desk/records/{KIND}/choices": NoPage("JSON for the script of the form", f"{LISTS}/location/choices?q=rathaus"),
    f"{_TRANSLATION_RUN}/progress": NoPage("JSON for the script of the page that waits", "/desk/translations/run/1/progress"),
    f"{_LANGUAGE}/next": NoPage("leads on to the record that needs the language most", "/desk/translations/fr/next"),
    f"{_LANGUAGE}/export": NoPage("a file to download", "/desk/translations/fr/export?kind=page"),
}

HOME = (
    Screen("/desk"), Screen("/desk", "staff"), Screen("/desk", "editor"), Screen("/desk", "organization_editor"),
    Screen("/desk", "beginner", "a city without anything"),
    *(Screen(f"/desk/todo/{name.value}") for name in Name if page_of(name).startswith("/desk/todo/")),
    Screen("/desk/todo/due?whose=all"), Screen("/desk/todo/nobody", "editor"),
    Screen("/desk/suggestions"), Screen("/desk/suggestions?state=handled"),
    Screen("/desk/suggest", "staff"), Screen("/desk/suggest?q=Büro"), Screen("/desk/suggest?q=xyzzy", state="nothing found"),
    Screen(f"/desk/suggest?record={key('service', OFFICE)}", "staff"),
    Screen("/desk/questions"), Screen("/desk/questions/1"),
    Screen("/desk/audit"), Screen("/desk/audit?person=nobody&since=x", state="a wrong date, nothing found"),
)  # fmt: skip

ACCOUNTS = (
    Screen("/desk/sign-in", "nobody"), Screen("/desk/sign-in/code", "halfway"), Screen("/desk/no-role", "without_role"),
    Screen("/desk/users", "nobody", "without a session"),
    Screen("/desk/sign-in/city", "nobody", "the provider is down", 503), Screen("/desk/sign-in/city/back", "nobody", "too late", 400),
    Screen("{welcome}", "nobody"), Screen("/desk/welcome/no-such-token", "nobody", "used up", 404),
    Screen("/desk/account/city", state="the provider is down", status=503),
    Screen("{accept}", "nobody"), Screen("{accept}", "offered", "signed in"), Screen("{accept}", "reviewer", "somebody else"),
    Screen("/desk/accept/no-such-token", "nobody", "used up", 404),
    Screen("{new_email}", "reviewer"), Screen("/desk/account/email/no-such-token", "reviewer", "used up", 404),
    Screen("/desk/no-role", "offered", "a role waits"), Screen("/desk/account", "offered", "a role waits"),
    Screen("/desk/municipality", "two_cities"), Screen("/desk/account"), Screen("/desk/account", "new_password", "has to change it"),
    Screen("/desk/account/second-factor", "editor"), Screen("/desk/account/second-factor", "with_factor", "in force"),
    Screen("/desk/users"), Screen("/desk/users/new"), Screen("/desk/kept", "reviewer", "nothing was sent too late"),
    *(Screen(f"/desk/users/{{{name}}}") for name in (
        "administrator", "reviewer", "shut_out", "invited", "two_cities", "with_factor", "offered", "without_role", "turned_away",
    )),
    Screen("{digest_off}", "nobody"), Screen("/desk/digest/off/no-such-token", "nobody", "a wrong link", 404),
)  # fmt: skip

RECORDS = (
    *(Screen(record(kind)) for kind in KINDS),
    *(Screen(record(kind, "/history")) for kind in KINDS), Screen(record("service", "/history?from=1&to=3"), state="compared"),
    *(Screen(record(kind, f"/preview?language={code}")) for kind in ("service", "article", "page") for code in LANGUAGES),
    *(Screen(record(kind, "/preview")) for kind in ("organization", "location", "contact")),
    *(Screen(record(kind, "/archive")) for kind in KINDS),
    *(Screen(record("service", local=one), state=one) for one in ("neu", "weg", "bald", "zurueck", "school-advice", "womens-shelter")),
    Screen(record("service"), "staff"), Screen(record("service"), "reviewer"), Screen(record("service", local="school-advice"), "reviewer"),
    Screen(record("service"), "organization_editor", "of another organization"),
    Screen(record("location", local="frauenhaus"), "organization_editor", "the address is secret"),
    Screen(record("service", "/history"), "organization_editor", "of another organization", 403),
)  # fmt: skip

FORMS = (
    *(Screen(f"{LISTS}/{kind}") for kind in KINDS), Screen(f"{LISTS}/service", "staff"),
    Screen(f"{LISTS}/service?topic=health.dentist&due=yes&text=xyzzy", state="nothing found"),
    Screen(f"{LISTS}/service?text=beratung&language=ar-missing&sort=changed", state="filtered"),
    *(Screen(f"{LISTS}/{kind}/new") for kind in KINDS), *(Screen(record(kind, "/edit")) for kind in KINDS),
    Screen(f"{LISTS}/page/new?form=abcdefgh", state="gone on with"),
)  # fmt: skip

TRANSLATING = (
    Screen("/desk/translations"), Screen("/desk/translations/locked-words"), Screen("/desk/translations/locked-words", "editor"),
    Screen("/desk/translations/xliff"), *(Screen(f"/desk/translations/run/{number}") for number in range(1, 7)),
    Screen("/desk/translations/ar"), Screen("/desk/translations/en?state=missing&kind=service"),
    Screen("/desk/translations/en?state=reviewed&kind=page", state="nothing found"),
    *(Screen(record(kind, "/translate/ar")) for kind in KINDS),
    Screen(record("article", "/translate/en")), Screen(record("page", "/translate/uk")),
)  # fmt: skip

EXCHANGE = (
    Screen(IN_OUT), Screen(IN_OUT, "editor"), Screen(f"{IN_OUT}/import"),
    *(Screen(f"{IN_OUT}/run/{number}", state=name) for name, number in RUNS.items()),
    *(Screen(f"{IN_OUT}/run/{RUNS['planned']}?show={name}", state="dry run") for name in ("conflict", "update", "create", "rejected")),
    Screen(f"{IN_OUT}/run/{RUNS['planned']}?choose=how", state="unchosen"),
    *(Screen(f"{IN_OUT}/run/{RUNS['done']}?show={name}", state="finished") for name in ("written", "kept", "rejected")),
    Screen(f"{IN_OUT}/run/{RUNS['pages']}?show=topic", state="finished"),
)  # fmt: skip

PUBLIC = (
    *(Screen(f"/info/{{language}}/{kind}/{quote(KINDS[kind], safe='')}", "nobody") for kind in ("service", "article", "page")),
    Screen("/info/{language}/service/womens-shelter", "nobody", "a secret place"), Screen("/info/{language}/page/weiter", "nobody"),
    Screen("/info/{language}/service/nowhere", "nobody", "not there", 404),
)  # fmt: skip

# The same in a city that has nothing yet: each list says what to do.
EMPTY_LISTS = (
    *(f"/desk/todo/{name.value}" for name in Name if page_of(name).startswith("/desk/todo/")),
    "/desk/suggestions", "/desk/suggestions?state=handled", "/desk/questions", "/desk/audit", *(f"{LISTS}/{kind}" for kind in KINDS),
    "/desk/translations", "/desk/translations/en", "/desk/translations/locked-words", IN_OUT,
)  # fmt: skip
EMPTY = (*(Screen(path, "beginner", "empty list") for path in EMPTY_LISTS), Screen(f"{LISTS}/service", "empty_editor", "empty list"))

ALL_PAGES = (*HOME, *ACCOUNTS, *RECORDS, *FORMS, *TRANSLATING, *EXCHANGE, *PUBLIC)
