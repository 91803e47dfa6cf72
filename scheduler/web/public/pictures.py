"""``/pictures/DIGEST.png`` and ``.jpg``: pictures of emails and posts, for mail programs and for links to the archive.

The address is that of the bytes, the same for all, so it tells nothing about who asks. No cookie is set or looked at,
and nothing is written down.
"""

from __future__ import annotations

from flask import Response, request
from werkzeug.exceptions import NotFound

from ..routing import Guard, get, site

_PNG = b"\x89PNG"
_DAY = 86_400  # seconds; no longer, because the consent to a story can be taken back


@get("/pictures/<digest>.png", who=Guard.ANYBODY)
@get("/pictures/<digest>.jpg", endpoint="photo", who=Guard.ANYBODY)
def picture(digest: str) -> Response:
    content = site().pictures.find(digest)
    if content is None:
        raise NotFound
    media_type = "image/png" if content.startswith(_PNG) else "image/jpeg"
    response = Response(content, mimetype=media_type, headers={"Cache-Control": f"public, max-age={_DAY}"})
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"  # pages of mailboxes show it
    response.set_etag(digest)
    response.make_conditional(request)
    return response
