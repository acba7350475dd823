"""Rows folded into the nested objects of HSDS's JSON."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from knowledge.exchange.hsds.nesting import ANYWHERE, LISTS, OURS, SINGLES, profile_of
from knowledge.exchange.hsds.tables import Rows

Object = dict[str, Any]


class Nest:
    """Folds the rows of one export. Every lookup is prepared once, so that folding takes time in proportion to the rows."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows
        self._by_id = {table: {row["id"]: row for row in found} for table, found in rows.items()}
        self._children: dict[tuple[str, str], dict[str, list[Object]]] = {}

    def services(self) -> Iterator[Object]:
        """Services with all that belongs to them, as `service.json` has them."""
        return (self.whole("service", row) for row in self._rows["service"])

    def organizations(self) -> Iterator[Object]:
        """Organizations with all that belongs to them; their services by their plain columns, as HSDS's API gives them."""
        for row in self._rows["organization"]:
            services = [self._plain(service) for service in self._pointing("service", "organization_id", row["id"])]
            yield self.whole("organization", row, without=("services",)) | ({"services": services} if services else {})

    def services_at_locations(self) -> Iterator[Object]:
        """Each place of a service with the location whole and the service by its plain columns."""
        for row in self._rows["service_at_location"]:
            yield self.whole("service_at_location", row, without=("service",)) | {"service": self._simple_service(row["service_id"])}

    def service_list(self) -> Iterator[Object]:
        """Services by their plain columns, with the organization's."""
        return (self._simple_service(row["id"]) for row in self._rows["service"])

    def organization_list(self) -> Iterator[Object]:
        """Organizations by their plain columns."""
        return (self._plain(row) for row in self._rows["organization"])

    def service_at_location_list(self) -> Iterator[Object]:
        """Places of services with the plain columns of location and service."""
        for row in self._rows["service_at_location"]:
            location = self._plain(self._by_id["location"][row["location_id"]])
            yield self._plain(row) | {"location": location, "service": self._simple_service(row["service_id"])}

    def taxonomy_list(self) -> Iterator[Object]:
        """Taxonomies."""
        return (self._plain(row) for row in self._rows["taxonomy"])

    def taxonomy_term_list(self) -> Iterator[Object]:
        """Terms with their taxonomy."""
        return (self.whole("taxonomy_term", row) for row in self._rows["taxonomy_term"])

    def _simple_service(self, id: str) -> Object:
        row = self._by_id["service"][id]
        return self._plain(row) | {"organization": self._plain(self._by_id["organization"][row["organization_id"]])}

    def whole(self, table: str, row: Object, *, above: str | None = None, without: Iterable[str] = ()) -> Object:
        """A row with its children and what it points at. `above` is the table it is nested in, which it does not repeat."""
        id = row["id"]
        found = self._plain(row, drop=f"{above}_id" if above else None)
        for key, child in LISTS.get(table, {}).items():
            # HSDS nests services in organizations only at the top, and locations belong to services here.
            if key in without or child in ("service", above):
                continue
            self._put(found, key, (self.whole(child, one, above=table) for one in self._pointing(child, f"{table}_id", id)))
        for key, (child, column, _) in ANYWHERE.items():
            self._put(found, key, (self.whole(child, one) for one in self._pointing(child, column, id)))
        for key, (other, column) in SINGLES.get(table, {}).items():
            target = self._by_id[other].get(row.get(column))
            if target is not None and other != above and key not in without:
                found.pop(column, None)
                found[key] = self.whole(other, target, above=table)
        profile = profile_of(table)
        completing = self._by_id[profile].get(id) if profile else None
        return found | ({OURS: completing} if completing else {})

    @staticmethod
    def _put(found: Object, key: str, children: Iterable[Object]) -> None:
        listed = list(children)
        if listed:
            found[key] = listed

    @staticmethod
    def _plain(row: Object, drop: str | None = None) -> Object:
        return {name: value for name, value in row.items() if name != drop}

    def _pointing(self, table: str, column: str, id: str) -> list[Object]:
        """Rows of `table` whose `column` has `id`."""
        index = self._children.get((table, column))
        if index is None:
            index = defaultdict(list)
            for row in self._rows[table]:
                if column in row:
                    index[row[column]].append(row)
            self._children[table, column] = index
        return index.get(id, [])


# File of the JSON export -> what stands in it: whole objects in an array, or one page with all entries of a list.
PACKAGES: dict[str, Callable[[Nest], Iterator[Object]]] = {
    "organization_package": Nest.organizations,
    "service_package": Nest.services,
    "service_at_location_package": Nest.services_at_locations,
}
LISTINGS: dict[str, Callable[[Nest], Iterator[Object]]] = {
    "organization_list": Nest.organization_list,
    "service_list": Nest.service_list,
    "service_at_location_list": Nest.service_at_location_list,
    "taxonomy_list": Nest.taxonomy_list,
    "taxonomy_term_list": Nest.taxonomy_term_list,
}
