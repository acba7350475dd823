"""Rasa component: which language a message is in. Writes ``language`` into the output of the NLU."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import joblib
import yaml
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.language_model import LanguageGuess, LanguageModel

DATA = Path(__file__).resolve().parents[2] / "data"
LANGUAGE = "language"
_FILE = "language.joblib"


@DefaultV1Recipe.register([DefaultV1Recipe.ComponentType.MESSAGE_TOKENIZER], is_trainable=True)
class LanguageIdentifier(GraphComponent):
    """Trained on the examples by language in ``data/nlu`` and ``data/languages``."""

    def __init__(self, storage: ModelStorage, resource: Resource, model: LanguageModel | None = None) -> None:
        self._storage = storage
        self._resource = resource
        self._model = model or LanguageModel()

    @classmethod
    def create(
        cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext
    ) -> LanguageIdentifier:
        """Rasa's constructor for training."""
        return cls(model_storage, resource)

    @classmethod
    def load(
        cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext, **kwargs: Any
    ) -> LanguageIdentifier:
        """Rasa's constructor for serving. A model that cannot be read stops the start: guessing would be worse."""
        with model_storage.read_from(resource) as folder:
            return cls(model_storage, resource, joblib.load(Path(folder) / _FILE))

    @staticmethod
    def fingerprint_addon(config: dict[str, Any]) -> str:
        """The examples are read here and not by Rasa, so their content decides whether to train again."""
        digest = hashlib.sha256()
        for path in example_files():
            digest.update(path.read_bytes())
        return digest.hexdigest()

    def train(self, training_data: TrainingData) -> Resource:
        """Learn the languages."""
        rows = list(language_examples())
        self._model.train([text for text, _ in rows], [code for _, code in rows])
        with self._storage.write_to(self._resource) as folder:
            joblib.dump(self._model, Path(folder) / _FILE)
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Nothing later in training needs the language."""
        return training_data

    def process(self, messages: list[Message], tracker: DialogueStateTracker = None) -> list[Message]:  # as Rasa compares it
        """Add the language; what was spoken so far and the channel's hint take part."""
        for message in messages:
            text = message.get(TEXT) or ""
            if text.startswith("/"):
                continue
            hint = (message.get("metadata") or {}).get("language_hint")
            guess = self._model.identify(text, hint=hint, conversation=_spoken(tracker))
            if guess is not None:
                message.set(LANGUAGE, as_output(guess), add_to_output=True)
        return messages


def as_output(guess: LanguageGuess) -> dict[str, Any]:
    """The guess as JSON, as it stands in ``tracker.latest_message``."""
    return {
        "code": guess.code,
        "confidence": round(guess.confidence, 4),
        "unsure": guess.unsure,
        "clear": guess.clear,
        "candidates": [[code, round(chance, 4)] for code, chance in guess.candidates],
    }


def _spoken(tracker: DialogueStateTracker | None) -> str | None:
    if tracker is None:
        return None
    value = tracker.slots.get("language")
    return value.value if value is not None else None


def example_files() -> list[Path]:
    """Files with examples whose language is known, in a stable order."""
    return [*sorted((DATA / "nlu").glob("*/*.yml")), *sorted((DATA / "languages").glob("*.txt"))]


def language_examples() -> Iterable[tuple[str, str]]:
    """(text, language) of every training example."""
    for path in example_files():
        if path.suffix == ".txt":
            for line in path.read_text(encoding="utf-8").splitlines():
                if line.strip():
                    yield line.strip(), path.stem
            continue
        for _, text in rasa_examples(path):
            yield text, path.parent.name


def rasa_examples(path: Path) -> Iterable[tuple[str, str]]:
    """(intent, text) of a file in Rasa's format for training data."""
    for entry in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]:
        for line in entry["examples"].splitlines():
            if line.strip().startswith("- "):
                yield entry["intent"], line.strip()[2:].strip()
