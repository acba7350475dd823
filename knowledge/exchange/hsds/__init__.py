"""The Human Services Data Specification (HSDS) 3.0, as JSON and as tabular data package. See docs/hsds-profile.md."""

from knowledge.exchange.hsds.export.files import export_datapackage, export_json
from knowledge.exchange.hsds.reading.reader import HsdsImport, read_datapackage, read_hsds, read_json

__all__ = ["HsdsImport", "export_datapackage", "export_json", "read_datapackage", "read_hsds", "read_json"]
