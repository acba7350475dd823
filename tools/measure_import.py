"""How long an import of thousands of services takes, and whether editors can go on typing meanwhile.

    python tools/measure_import.py [--services 5000] [--database-url URL] [--kill]

Multiplies the services of the demonstration city (with all their translations), writes them as an HSDS data package, and brings them into an empty
knowledge base with `newcomer kb import hsds`, while another connection keeps what somebody types every second, as the desk's autosave does.
`--kill` ends the import in the middle of its writing and looks whether anything is left. `--database-url` has to be an empty database.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import replace
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import sessionmaker

from knowledge.cli import DEMO_CITY
from knowledge.config import PROJECT
from knowledge.editorial import autosave
from knowledge.editorial.actor import Actor
from knowledge.editorial.records import now
from knowledge.exchange.hsds import export_datapackage
from knowledge.exchange.newcomer.importer import import_folder
from knowledge.exchange.newcomer.reader import CityFolder, read_folder
from knowledge.store.account_tables import UserRow
from knowledge.store.desk_tables import RecordRow
from knowledge.store.engine import begin_writing, make_engine
from knowledge.store.migrate import upgrade
from knowledge.store.reader import read_knowledge


def make_package(folder: Path, services: int) -> None:
    """The demonstration city with `services` services."""
    engine = make_engine(f"sqlite:///{folder / 'source.db'}")
    upgrade(engine)
    with sessionmaker(engine)() as session:
        import_folder(session, read_folder(DEMO_CITY))
        session.commit()
        knowledge = read_knowledge(session, "ankerstadt")
    own = list(knowledge.services.values())
    many = {one.id: one for one in own}
    for number in range(services - len(own)):
        one = own[number % len(own)]
        many[f"{one.id}-{number}"] = replace(one, id=f"{one.id}-{number}")
    export_datapackage(replace(knowledge, services=many), folder / "package", include_confidential=True)


class Typist:
    """Keeps a form every second, and how long each time took."""

    def __init__(self, url: str) -> None:
        self._sessions = sessionmaker(make_engine(url), expire_on_commit=False)
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._type)
        self.seconds: list[float] = []
        self.failures: list[str] = []
        with self._sessions() as session, session.begin():
            user = UserRow(email="typist@desk.example", name="Typist", language="de", recovery_codes=[], created_at=now())
            session.add(user)
            session.flush()
            self._actor = Actor(user.id, user.name)

    def __enter__(self) -> Typist:
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._ended.set()
        self._thread.join()

    def _type(self) -> None:
        number = 0
        while not self._ended.wait(1.0):
            number += 1
            begun = time.monotonic()
            try:
                with self._sessions() as session, session.begin():
                    begin_writing(session)
                    autosave.keep(
                        session, self._actor, "ankerstadt", "new:service:typing", "service", 0, {"texts.name": [f"Wort {number}"]}
                    )
            except Exception as error:  # whatever it is, it is counted
                self.failures.append(type(error).__name__)
            self.seconds.append(time.monotonic() - begun)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--services", type=int, default=5000)
    parser.add_argument("--database-url", default="")
    parser.add_argument("--kill", action="store_true")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        make_package(folder, given.services)
        url = given.database_url or f"sqlite:///{folder / 'target.db'}"
        engine = make_engine(url)
        upgrade(engine)
        with sessionmaker(engine)() as session:
            # The city is there, and is empty: the typist works in it.
            import_folder(session, CityFolder(read_folder(DEMO_CITY).municipality))
            session.commit()
        size = sum(path.stat().st_size for path in (folder / "package").rglob("*") if path.is_file())
        command = [sys.executable, "-c", "from knowledge.cli import kb; kb()", "import", "hsds", str(folder / "package")]
        environment = os.environ | {"NEWCOMER_VAR": str(folder / "var"), "NEWCOMER_DATABASE_URL": url}
        stages: dict[str, float] = {}
        with Typist(url) as typist:
            begun = time.monotonic()
            process = subprocess.Popen(command, cwd=PROJECT, env=environment, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
            assert process.stderr is not None
            for line in process.stderr:
                stages.setdefault(line.partition(":")[0].strip(), round(time.monotonic() - begun, 1))
                if given.kill and line.startswith("Writing"):
                    process.kill()
            output, _ = process.communicate()
            seconds = time.monotonic() - begun
        with sessionmaker(engine)() as session:
            records = session.scalar(select(func.count()).select_from(RecordRow))
        found = {
            "services": given.services,
            "megabytes": round(size / 1e6, 1),
            "seconds": round(seconds, 1),
            "first told after": stages,
            "records in the database": records,
            "autosaves": len(typist.seconds),
            "autosaves that failed": typist.failures,
            "longest autosave": round(max(typist.seconds, default=0.0), 2),
            "said": output.splitlines()[:2],
        }
        print(json.dumps(found, indent=1, ensure_ascii=False))


if __name__ == "__main__":
    main()
