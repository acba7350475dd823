"""Roles of one municipality are changed by one administrator at a time."""

from __future__ import annotations

from sqlalchemy.orm import Session

from knowledge.editorial.errors import NotFound
from knowledge.store.tables import MunicipalityRow


def lock(session: Session, municipality: str) -> None:
    """Two administrators who take each other's role at the same moment: the second one waits, and is then the last.

    Raises NotFound where there is no such municipality.
    """
    if session.get(MunicipalityRow, municipality, with_for_update=True) is None:
        raise NotFound("desk.no_municipality", municipality=municipality)
