"""XLIFF 2.0: texts to translators and back."""

from knowledge.exchange.xliff.account import Account, Outcome, TakenField, account, check_languages, taken_fields
from knowledge.exchange.xliff.reader import read_xliff
from knowledge.exchange.xliff.units import ReadUnit, Unit, UnitState, XliffError, XliffFile, list_units
from knowledge.exchange.xliff.writer import export_xliff

__all__ = [
    "Account", "Outcome", "ReadUnit", "TakenField", "Unit", "UnitState", "XliffError", "XliffFile", "account", "check_languages",
    "export_xliff", "list_units", "read_xliff", "taken_fields",
]  # fmt: skip
