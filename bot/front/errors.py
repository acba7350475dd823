"""What no handler has foreseen: an apology in JSON, and a line in the log that names the place and no person."""

from __future__ import annotations

import structlog
from aiohttp import web
from aiohttp.typedefs import Handler

from knowledge.web.keys import SETTINGS
from locales.catalogue import say

log = structlog.get_logger(__name__)


@web.middleware
async def apologise(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Turn an unforeseen error into a 500 that says that trying again may help."""
    try:
        return await handler(request)
    except web.HTTPException:
        raise
    except Exception as error:
        log.error("request.failed", path=request.path, error=type(error).__name__, exc_info=True)
        words = say("error.apology", request.app[SETTINGS].language)
        return web.json_response({"error": "internal", "message": words, "retry": True}, status=500)
