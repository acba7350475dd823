"""The routes of this part, and what each needs."""

from __future__ import annotations

from knowledge.editorial.actor import Permission
from knowledge.web.desk.accounts import accept, account, city_account, own_email, second_factor, sign_in, users, welcome
from knowledge.web.desk.routing import DeskRoute, Needs

_PERSON = "/desk/users/{user}"
ROUTES: tuple[DeskRoute, ...] = (
    DeskRoute("GET", "/desk/sign-in", sign_in.show, Needs.NOBODY),
    DeskRoute("POST", "/desk/sign-in", sign_in.sign_in, Needs.NOBODY),
    DeskRoute("POST", "/desk/language", sign_in.choose_language, Needs.NOBODY),
    DeskRoute("GET", "/desk/sign-in/code", sign_in.show_code, Needs.HALFWAY),
    DeskRoute("POST", "/desk/sign-in/code", sign_in.sign_in_code, Needs.HALFWAY),
    DeskRoute("POST", "/desk/sign-out", sign_in.sign_out, Needs.HALFWAY),
    DeskRoute("GET", "/desk/no-role", sign_in.no_role, Needs.SIGNED_IN),
    DeskRoute("GET", "/desk/sign-in/city", city_account.start, Needs.NOBODY),
    DeskRoute("GET", city_account.BACK, city_account.back, Needs.NOBODY),
    DeskRoute("GET", "/desk/welcome/{token}", welcome.show, Needs.NOBODY),
    DeskRoute("POST", "/desk/welcome/{token}", welcome.choose_password, Needs.NOBODY),
    DeskRoute("GET", "/desk/accept/{token}", accept.show, Needs.NOBODY),
    DeskRoute("POST", "/desk/accept/{token}", accept.accept, Needs.SIGNED_IN),
    DeskRoute("GET", "/desk/municipality", account.show_municipalities, Needs.SIGNED_IN),
    DeskRoute("POST", "/desk/municipality", account.choose_municipality, Needs.SIGNED_IN),
    DeskRoute("GET", "/desk/account", account.show, Needs.SIGNED_IN),
    DeskRoute("POST", "/desk/account/details", account.save_details, Needs.SIGNED_IN),
    DeskRoute("POST", "/desk/account/email", own_email.ask, Needs.SIGNED_IN),
    DeskRoute("GET", "/desk/account/email/{token}", own_email.show, Needs.SIGNED_IN),
    DeskRoute("POST", "/desk/account/email/{token}", own_email.take, Needs.SIGNED_IN),
    DeskRoute("POST", "/desk/account/digest", account.save_digest, Needs.SIGNED_IN),
    DeskRoute("POST", "/desk/account/password", account.change_password, Needs.SIGNED_IN),
    DeskRoute("POST", "/desk/account/sessions/end", account.end_session, Needs.SIGNED_IN),
    DeskRoute("POST", "/desk/account/sessions/end-others", account.end_other_sessions, Needs.SIGNED_IN),
    DeskRoute("GET", "/desk/account/city", city_account.start_link, Needs.SIGNED_IN),
    DeskRoute("POST", "/desk/account/city/unlink", city_account.unlink, Needs.SIGNED_IN),
    DeskRoute("GET", second_factor.HOME, second_factor.show, Needs.SIGNED_IN),
    DeskRoute("GET", second_factor.HOME + "/qr.svg", second_factor.picture, Needs.SIGNED_IN),
    DeskRoute("POST", second_factor.HOME + "/begin", second_factor.begin, Needs.SIGNED_IN),
    DeskRoute("POST", second_factor.HOME + "/confirm", second_factor.confirm, Needs.SIGNED_IN),
    DeskRoute("POST", second_factor.HOME + "/off", second_factor.switch_off, Needs.SIGNED_IN),
    DeskRoute("POST", second_factor.HOME + "/codes", second_factor.new_codes, Needs.SIGNED_IN),
    DeskRoute("GET", "/desk/users", users.show, Permission.USERS),
    DeskRoute("GET", "/desk/users/new", users.show_invite, Permission.USERS),
    DeskRoute("POST", "/desk/users/new", users.invite, Permission.USERS, ("email", "name")),
    DeskRoute("GET", _PERSON, users.show_person, Permission.USERS),
    DeskRoute("POST", _PERSON + "/roles/add", users.add_role, Permission.USERS),
    DeskRoute("POST", _PERSON + "/roles/take", users.take_role, Permission.USERS),
    DeskRoute("POST", _PERSON + "/offers/take", users.take_offer, Permission.USERS),
    DeskRoute("POST", _PERSON + "/offers/link", users.offer_link, Permission.USERS),
    DeskRoute("POST", _PERSON + "/disable", users.disable, Permission.USERS),
    DeskRoute("POST", _PERSON + "/enable", users.enable, Permission.USERS),
    DeskRoute("POST", _PERSON + "/end-sessions", users.end_sessions, Permission.USERS),
    DeskRoute("POST", _PERSON + "/reset-second-factor", users.reset_second_factor, Permission.USERS),
    DeskRoute("POST", _PERSON + "/reset-password", users.reset_password, Permission.USERS),
)
