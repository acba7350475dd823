"""The process of the OpenID provider: `python -m tests.integration.desk.openid_server FOLDER PORT`.

It serves what is in FOLDER: ``people.json`` (user name -> claims), ``client.json`` (our registration), ``key.pem`` (what it signs with).
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import django
from django.conf import settings

from tests.integration.desk.openid_provider import PASSWORD


def _serve(folder: Path, port: int) -> None:
    urls = ModuleType("urls")
    template = (
        '<form method=post>{% csrf_token %}<input name=\'next\' type="hidden" value="{{ next }}"><input name="username">'
        '<input name="password" type="password"><button>Sign in</button></form>'
    )
    settings.configure(
        SECRET_KEY="for tests",
        ALLOWED_HOSTS=["127.0.0.1"],
        DEBUG=False,
        ROOT_URLCONF=urls,
        USE_TZ=True,
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": str(folder / "provider.db")}},
        INSTALLED_APPS=[
            "django.contrib.auth",
            "django.contrib.contenttypes",
            "django.contrib.sessions",
            "django.contrib.messages",
            "oauth2_provider",
        ],
        MIDDLEWARE=[
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.middleware.csrf.CsrfViewMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
        ],
        TEMPLATES=[
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "APP_DIRS": False,
                "OPTIONS": {
                    "context_processors": ["django.template.context_processors.request"],
                    "loaders": [
                        ("django.template.loaders.locmem.Loader", {"registration/login.html": template}),
                        "django.template.loaders.app_directories.Loader",
                    ],
                },
            }
        ],
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
        LOGIN_URL="/login/",
        OAUTH2_PROVIDER={
            "OIDC_ENABLED": True,
            "OIDC_RSA_PRIVATE_KEY": (folder / "key.pem").read_text(),
            "OIDC_ISS_ENDPOINT": f"http://127.0.0.1:{port}/o",
            "SCOPES": {"openid": "Sign in", "email": "E-mail", "profile": "Name"},
            "PKCE_REQUIRED": True,
            "COMPLIANT_BCP_RFC9700_AUTHZ_RESPONSE_ISS": True,
        },
    )
    django.setup()
    _prepare(folder)
    from django.contrib.auth.views import LoginView
    from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
    from django.core.wsgi import get_wsgi_application
    from django.urls import include, path

    urls.urlpatterns = [path("login/", LoginView.as_view()), path("o/", include("oauth2_provider.urls", namespace="oauth2_provider"))]
    WSGIRequestHandler.log_message = lambda *_: None
    application = get_wsgi_application()
    with ThreadedWSGIServer(("127.0.0.1", port), WSGIRequestHandler) as server:
        server.set_app(lambda environ, start: _with_people(folder, application)(environ, start))
        server.serve_forever()


def _prepare(folder: Path) -> None:
    from django.core.management import call_command
    from oauth2_provider.oauth2_validators import OAuth2Validator

    def claims(self: Any, request: Any) -> dict[str, Any]:
        return dict(json.loads((folder / "people.json").read_text())[request.user.username])

    OAuth2Validator.get_additional_claims = claims
    # Claims are given whatever was asked for: the desk has to do with what it gets.
    OAuth2Validator.oidc_claim_scope = None
    call_command("migrate", verbosity=0)
    _bring_in(folder)


def _bring_in(folder: Path) -> None:
    """The people and the registration as they stand in the folder now."""
    from django.contrib.auth.models import User
    from oauth2_provider.models import Application

    for name in json.loads((folder / "people.json").read_text()):
        if not User.objects.filter(username=name).exists():
            User.objects.create_user(name, password=PASSWORD)
    client = json.loads((folder / "client.json").read_text())
    known = Application.objects.filter(client_id=client["id"]).first()
    if known is None:
        Application.objects.create(
            name="The editors' desk",
            client_id=client["id"],
            client_secret=client["secret"],
            redirect_uris=client["redirect"],
            client_type="confidential",
            authorization_grant_type="authorization-code",
            algorithm="RS256",
        )
    elif known.redirect_uris != client["redirect"]:
        known.redirect_uris = client["redirect"]
        known.save(update_fields=["redirect_uris"])


def _with_people(folder: Path, application: Any) -> Any:
    def handle(environ: Any, start: Any) -> Any:
        _bring_in(folder)
        return application(environ, start)

    return handle


if __name__ == "__main__":
    _serve(Path(sys.argv[1]), int(sys.argv[2]))
