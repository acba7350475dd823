"""Addresses of import and export, and what each needs."""

from __future__ import annotations

from knowledge.editorial.actor import Permission
from knowledge.web.desk.exchange import acts, article, export, home, run, topics, upload
from knowledge.web.desk.exchange.common import RUN, city_of_run
from knowledge.web.desk.routing import DeskRoute

ROUTES: tuple[DeskRoute, ...] = (
    DeskRoute("GET", "/desk/exchange", home.show, Permission.EXPORT),
    DeskRoute("POST", "/desk/exchange/export", export.download, Permission.EXPORT),
    DeskRoute("GET", "/desk/exchange/import", upload.show, Permission.IMPORT),
    DeskRoute("POST", "/desk/exchange/import", upload.take, Permission.IMPORT),
    DeskRoute("POST", "/desk/exchange/article", article.make, Permission.EDIT),
    DeskRoute("GET", RUN, run.show, Permission.IMPORT, city_of=city_of_run),
    DeskRoute("GET", RUN + "/progress", run.progress, Permission.IMPORT, city_of=city_of_run),
    DeskRoute("GET", RUN + "/lines/{section}", run.lines, Permission.IMPORT, city_of=city_of_run),
    DeskRoute("POST", RUN + "/decide", acts.decide, Permission.IMPORT, chosen=("conflict-*", "out-*")),
    DeskRoute("POST", RUN + "/topics", topics.save, Permission.IMPORT, chosen=("topic-*",)),
    DeskRoute("POST", RUN + "/cancel", acts.cancel, Permission.IMPORT),
    DeskRoute("POST", RUN + "/again", acts.again, Permission.IMPORT),
    DeskRoute("POST", RUN + "/discard", acts.discard, Permission.IMPORT),
    DeskRoute("POST", RUN + "/undo", acts.undo, Permission.IMPORT),
)
