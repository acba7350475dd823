"""Files of pages: read once at the start, compressed once, and served under an address that changes with their content."""

from __future__ import annotations

import gzip
import hashlib
from dataclasses import dataclass
from pathlib import Path

from aiohttp import web

_TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}
_FOREVER = "public, max-age=31536000, immutable"
_BRIEFLY = "public, max-age=60"


@dataclass(frozen=True, slots=True)
class Asset:
    """One file, plain and compressed."""

    plain: bytes
    packed: bytes
    content_type: str


class Assets:
    """All files of a folder under one common hash, served below `prefix`.

    One hash for the folder and not one a file: the scripts import one another by relative names, which therefore stay valid.
    """

    def __init__(self, folder: Path, prefix: str, *, apart: str = "") -> None:
        self.prefix, self._apart = prefix, apart
        self._files: dict[str, Asset] = {}
        digest = hashlib.sha256()
        for path in sorted(folder.iterdir()):
            if path.suffix not in _TYPES:
                continue
            content = path.read_bytes()
            digest.update(path.name.encode() + b"\0" + content)
            self._files[path.name] = Asset(content, gzip.compress(content, 9, mtime=0), _TYPES[path.suffix])
        self.version = digest.hexdigest()[:12]

    def url(self, name: str) -> str:
        """Address of the file `name`.

        Raises KeyError for a file that is not there, so that a wrong name in a template shows at once.
        """
        if name not in self._files:
            raise KeyError(name)
        return f"{self.prefix}/{self.version}/{name}"

    @property
    def names(self) -> tuple[str, ...]:
        """The files that a page may need when the network is gone: all but the one that is served `apart`."""
        return tuple(name for name in self._files if name != self._apart)

    def read(self, name: str) -> str:
        """The text of the file `name`."""
        return self._files[name].plain.decode()

    async def serve(self, request: web.Request) -> web.Response:
        """GET <prefix>/{version}/{name}."""
        asset = self._files.get(request.match_info["name"])
        if asset is None:
            raise web.HTTPNotFound
        # A page that was opened before an update still asks for the old address: better the new file than none, but not kept for long.
        keep = _FOREVER if request.match_info["version"] == self.version else _BRIEFLY
        headers = {"Cache-Control": keep, "Vary": "Accept-Encoding"}
        body = asset.plain
        if "gzip" in request.headers.get("Accept-Encoding", ""):
            headers["Content-Encoding"] = "gzip"
            body = asset.packed
        return web.Response(body=body, content_type=asset.content_type, charset="utf-8", headers=headers)
