"""Settings and their documentation say the same, and wrong values are refused."""

from __future__ import annotations

import pytest

from knowledge.config import PROJECT, SETTINGS, SettingsError, load_settings


def test_every_setting_is_documented_with_its_default() -> None:
    page = (PROJECT / "docs" / "settings.md").read_text(encoding="utf-8")
    for setting in SETTINGS:
        default = f"`{setting.default}`" if setting.default else "empty"
        assert f"| `{setting.name}` | {default} | {setting.description} |" in page


def test_no_other_module_reads_the_environment() -> None:
    offenders = [
        str(path.relative_to(PROJECT))
        for folder in ("actions", "bot", "knowledge", "locales")
        for path in (PROJECT / folder).rglob("*.py")
        if "os.environ.get(" in path.read_text(encoding="utf-8") or "os.getenv" in path.read_text(encoding="utf-8")
    ]
    assert offenders == ["knowledge/config.py"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("NEWCOMER_PORT", "eighty"),
        ("NEWCOMER_PORT", "-1"),
        ("NEWCOMER_EMBEDDINGS", "yes"),
        ("NEWCOMER_LOG_FORMAT", "xml"),
        ("NEWCOMER_PROT", "8080"),
    ],
)
def test_a_value_that_does_not_fit_stops_the_start_and_names_the_setting(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=name):
        load_settings({name: value, "NEWCOMER_SECRET": "for the test"})
