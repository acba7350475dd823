"""Rasa component: the sentence vector of a message, for the classifiers after it. Works without an embedder (vectors of no dimension)."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from knowledge.config import load_settings
from knowledge.search.embedder import Embedder, Vectors, content_key, make_embedder

VECTOR = "sentence_vector"


@cache
def embedder() -> Embedder:
    """The embedder of this process, made when first needed."""
    return make_embedder(load_settings().embeddings)


@DefaultV1Recipe.register([DefaultV1Recipe.ComponentType.MESSAGE_TOKENIZER], is_trainable=False)
class SentenceEmbedder(GraphComponent):
    """Adds the vector as a property that stays inside the pipeline."""

    @classmethod
    def create(
        cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext
    ) -> SentenceEmbedder:
        """Rasa's constructor."""
        embedder()  # load the weights at the start, not at the first message
        return cls()

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """The classifiers embed what they learn from themselves, with the cache on disk."""
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """One vector a message."""
        for message in messages:
            text = message.get(TEXT) or ""
            if text and not text.startswith("/"):
                message.set(VECTOR, embedder().queries([text])[0])
        return messages


def embed_for_training(texts: Sequence[str]) -> Vectors:
    """Vectors of all training texts, shape (n, dimension); cached by text in the folder for what is written."""
    model = embedder()
    if model.dimension == 0:
        return model.queries(texts)
    cache_file = load_settings().var / "embeddings" / f"{model.name}.npz"
    known = _read(cache_file)
    keys = [content_key(model, text) for text in texts]
    missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
    if missing:
        known.update(_in_threads(model, missing))
        _write(cache_file, known)
    return np.stack([known[key] for key in keys]).astype(np.float32)


def _in_threads(model: Embedder, missing: dict[str, str]) -> dict[str, Vectors]:
    """Embed with a progress line; it is the long part of the first training."""
    found: dict[str, Vectors] = {}
    pending = list(missing.items())
    lock = threading.Lock()
    for start in range(0, len(pending), 500):
        batch = pending[start : start + 500]
        vectors = model.queries([text for _, text in batch])
        with lock:
            found.update({key: vector for (key, _), vector in zip(batch, vectors, strict=True)})
        print(f"  understanding examples: {len(found)} of {len(pending)}", flush=True)
    return found


def _read(path: Path) -> dict[str, Vectors]:
    if not path.exists():
        return {}
    with np.load(path, allow_pickle=False) as stored:
        return dict(zip(stored["keys"].tolist(), stored["vectors"], strict=True))


def _write(path: Path, known: dict[str, Vectors]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    keys = list(known)
    partial = path.with_suffix(".partial.npz")
    np.savez(partial, keys=np.array(keys), vectors=np.stack([known[key] for key in keys]).astype(np.float16))
    partial.replace(path)
