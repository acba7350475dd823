"""An import that is stopped or killed in the middle: the database is as before."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from knowledge.config import PROJECT
from knowledge.exchange.hsds import export_datapackage
from knowledge.store.reader import read_knowledge
from knowledge.store.tables import Base
from tests.integration.databases import Database
from tests.integration.kb_formats.acts import WAIT_SECONDS, Newcomer, a_town
from tests.unit.knowledge.exchange.hsds.towns import TODAY, full_town


def dump(database: Database) -> dict[str, list[tuple[object, ...]]]:
    """Everything that is in the database."""
    with database.sessions() as session:
        return {
            table.name: [tuple(row) for row in session.execute(select(table).order_by(*table.primary_key))]
            for table in Base.metadata.sorted_tables
        }


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data package with enough services that somebody can stop its import."""
    town = full_town()
    office = town.services["office"]
    services = {f"office-{number}": replace(office, id=f"office-{number}") for number in range(500)}
    folder = tmp_path_factory.mktemp("many")
    municipality = replace(town.municipality, information_point=None)
    export_datapackage(replace(town, services=services, municipality=municipality), folder, include_confidential=True, today=TODAY)
    return folder


class TestStopping:
    @pytest.mark.parametrize("when", ["Checking", "Writing"])
    @pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL], ids=["ctrl-c", "kill"])
    def test_given_it_is_stopped_in_the_middle_then_the_database_is_as_before(
        self, newcomer: Newcomer, database: Database, tmp_path: Path, many: Path, when: str, how: signal.Signals
    ) -> None:
        a_town(newcomer, tmp_path)
        before = dump(database)
        environment = os.environ | {"NEWCOMER_VAR": str(tmp_path / "var"), "NEWCOMER_DATABASE_URL": database.url}
        command = [sys.executable, "-c", "from knowledge.cli import kb; kb()", "import", "hsds", str(many)]
        # A process in the background ignores Ctrl-C, and so would its child: the one that is stopped here listens, wherever the tests run.
        process = subprocess.Popen(
            command,
            cwd=PROJECT,
            env=environment,
            stderr=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )
        assert process.stderr is not None
        until = time.monotonic() + WAIT_SECONDS
        said = ""
        while f"{when}: " not in said and time.monotonic() < until:
            said += process.stderr.readline()
        process.send_signal(how)
        output, rest = process.communicate(timeout=WAIT_SECONDS)
        assert f"{when}: " in said, said + rest
        assert "Imported" not in output
        if how is signal.SIGINT:
            assert process.returncode == 130, rest
            assert "Interrupted; nothing was changed." in rest
        assert dump(database) == before
        # Nothing is locked, and the same file comes in.
        again = newcomer("import", "hsds", many)
        assert re.search(r"Written: 5\d\d new", again.stdout), again.output
        with database.sessions() as session:
            assert len(read_knowledge(session, "kleinstadt").services) >= 500
