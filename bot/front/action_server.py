"""Rasa's action protocol, served by the front's process on a loopback port of its own.

``rasa run actions`` serves the same actions as a process of their own, with NEWCOMER_ACTIONS_URL naming it.
"""

from __future__ import annotations

import json

import structlog
from aiohttp import web
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionExecutionRejection, ActionNotFoundException

from knowledge.tokens import same_token

log = structlog.get_logger(__name__)
# Rasa sends the whole conversation with each call.
LARGEST_CALL = 32 * 1024 * 1024
# Named and not imported: bot and actions meet only through this call.
ACTIONS_PACKAGE = "actions"


def action_app(token: str) -> web.Application:
    """An application that runs the actions of `ACTIONS_PACKAGE` for whoever knows `token`."""
    executor = ActionExecutor()
    executor.register_package(ACTIONS_PACKAGE)

    async def run(request: web.Request) -> web.Response:
        if not same_token(request.headers.get("X-Desk-Token", ""), token):
            return web.json_response({"error": "forbidden"}, status=403)
        call = await request.json()
        try:
            result = await executor.run(call)
        except ActionExecutionRejection as rejection:
            return web.json_response({"error": str(rejection), "action_name": rejection.action_name}, status=400)
        except ActionNotFoundException as missing:
            log.error("action.missing", action=missing.action_name)
            return web.json_response({"error": str(missing), "action_name": missing.action_name}, status=404)
        return web.json_response(result, dumps=lambda value: json.dumps(value, ensure_ascii=False, default=str))

    app = web.Application(client_max_size=LARGEST_CALL)
    app.router.add_post("/webhook", run)
    return app
