"""From a fine-tuned checkpoint to the adapter: every weight moves at most one step of the package's own 4 bit grid.

The steps are chosen column by column, each rounding error made good by the columns still to come (GPTQ, Frantar et al. 2022), on
what the training messages send through each layer. Then biases, norms and head are trained once more with the weights as they now are.
"""

from __future__ import annotations

import argparse
import hashlib
import random
import sys
import time
from pathlib import Path

import numpy as np
import rows
import torch
from augment import augment
from encoder import Encoder
from layout import ModelFile, Tokeniser
from torch import nn
from torch.nn import functional as F
from train import PACKAGE, Head, batches, crisis_logit, embed, tensors

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
from knowledge.search.adapted_model import pack


def nearest(weight: torch.Tensor, inner: torch.Tensor, steps: torch.Tensor, scales: torch.Tensor) -> torch.Tensor:
    """The steps (0..15) of `weight`; `inner` is the layer's X^T X, `steps` and `scales` the grid as it is in the package."""
    if torch.equal(weight, (steps - 8) * scales.repeat_interleave(32, dim=1)):
        return steps
    weight = weight.clone()
    columns = weight.shape[1]
    inner = inner.double() + torch.eye(columns, dtype=torch.float64) * inner.diagonal().mean() * 0.01
    upper = torch.linalg.cholesky(torch.cholesky_inverse(torch.linalg.cholesky(inner)), upper=True).float()
    found = steps.clone()
    for start in range(0, columns, 32):
        end = start + 32
        scale = scales[:, start // 32]
        safe = torch.where(scale == 0, torch.ones_like(scale), scale)
        errors = torch.zeros(weight.shape[0], 32)
        for j in range(start, end):
            was = steps[:, j]
            step = (weight[:, j] / safe + 8).round().clamp(0, 15)
            step = torch.minimum(torch.maximum(step, was - 1), was + 1)
            found[:, j] = step
            error = (weight[:, j] - (step - 8) * scale) / upper[j, j]
            weight[:, j:end] -= error[:, None] * upper[j, j:end]
            errors[:, j - start] = error
        weight[:, end:] -= errors @ upper[start:end, end:]
    return found


def quantise(encoder: Encoder, file: ModelFile, ids: list[list[int]]) -> dict[str, torch.Tensor]:
    """Put every weight on the grid, layer by layer; returns the change of each tensor in steps."""
    changes = {}
    inner: dict[str, torch.Tensor] = {}

    def watch(name: str):  # type: ignore[no-untyped-def]
        def hook(_: nn.Module, inputs: tuple[torch.Tensor, ...], __: torch.Tensor) -> None:
            x = inputs[0].flatten(0, -2).float()
            x = x[mask_now[0]]
            with torch.autocast("cpu", enabled=False):
                inner[name] = inner.get(name, 0) + x.T @ x

        return hook

    mask_now = [torch.ones(0, dtype=torch.bool)]
    encoder.eval()
    for number, block in enumerate(encoder.blocks):
        # Two passes a layer: attention first, then what its result is sent through.
        for parts in (("q", "k", "v", "ao"), ("fi", "fo")):
            hooks = [getattr(block, part).register_forward_hook(watch(part)) for part in parts]
            inner.clear()
            with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
                for chosen in batches(ids, 64, None):
                    block_ids, lengths = tensors(ids, chosen)
                    mask_now[0] = (torch.arange(block_ids.shape[1])[None] < lengths[:, None]).flatten()
                    partial(encoder, block_ids, lengths, number)
            for hook in hooks:
                hook.remove()
            for part in parts:
                linear = getattr(block, part)
                steps, scales = file.grid(f"l{number}.{part}.w")
                shape = linear.weight.shape
                old = torch.from_numpy(steps.astype(np.float32)).view(shape)
                grid = torch.from_numpy(scales).view(shape[0], -1)
                with torch.no_grad():
                    new = nearest(linear.weight.data, inner[part], old, grid)
                    linear.weight.copy_((new - 8) * grid.repeat_interleave(32, dim=1))
                changes[f"l{number}.{part}.w"] = (new - old).to(torch.int8)
    return changes


def partial(encoder: Encoder, ids: torch.Tensor, lengths: torch.Tensor, last: int) -> None:
    """Run the encoder up to layer `last`."""
    kept = encoder.blocks
    encoder.blocks = kept[: last + 1]
    encoder(ids, lengths)
    encoder.blocks = kept


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("checkpoint", type=Path)
    options.add_argument("--out", type=Path, default=rows.DATA / "encoder" / "adapter.npz")
    options.add_argument("--sample", type=int, default=2500)
    options.add_argument("--epochs", type=int, default=1)
    options.add_argument("--minutes", type=float, default=1e9, help="for the last training")
    options.add_argument("--rate", type=float, default=5e-4)
    args = options.parse_args()
    torch.set_num_threads(2)
    torch.manual_seed(3)
    dice = random.Random(3)
    file = ModelFile(PACKAGE / "e5-small-q4.bin")
    tokens = Tokeniser(file)
    stored = torch.load(args.checkpoint, weights_only=False)
    intents = stored["intents"]
    crisis = torch.tensor([one in rows.CRISIS for one in intents])
    encoder = Encoder(file, 0.05)
    encoder.load_state_dict(stored["encoder"])
    learn, held = rows.split(rows.training(), stored["learned"])
    learn = [row for row in learn if row.intent in intents]
    held = [row for row in held if row.intent in intents]
    if stored["all"]:
        learn = learn + held
    head = Head.__new__(Head)
    nn.Module.__init__(head)
    hidden = file.hidden
    head.register_buffer("mean", torch.zeros(hidden))
    head.register_buffer("spread", torch.ones(hidden))
    head.linear = nn.Linear(hidden, len(intents))
    head.load_state_dict(stored["head"])
    begin = time.time()
    held_ids = [tokens(row.text) for row in held]
    held_labels = torch.tensor([intents.index(row.intent) for row in held])

    def check(name: str) -> torch.Tensor:
        with torch.no_grad():
            logits = head.eval()(embed(encoder, held_ids))
            print(
                f"{name}: {time.time() - begin:.0f}s kept tenth {float((logits.argmax(1) == held_labels).float().mean()):.4f} loss {float(F.cross_entropy(logits, held_labels)):.3f}",
                flush=True,
            )
            return logits

    check("in full precision")
    sample = [tokens(augment(row.text, row.language, dice)) for row in dice.sample(learn, min(args.sample, len(learn)))]
    changes = quantise(encoder, file, sample)
    flat = torch.cat([change.flatten() for change in changes.values()])
    print("weights that move:", float((flat != 0).float().mean()))
    logits = check("on the grid")

    small = [p for name, p in encoder.named_parameters() if name.endswith("bias") or "ln." in name]
    for parameter in encoder.parameters():
        parameter.requires_grad_(False)
    for parameter in small:
        parameter.requires_grad_(True)
    machine = torch.optim.Adam([{"params": small, "lr": args.rate}, {"params": head.linear.parameters(), "lr": args.rate}])
    for _ in range(args.epochs):
        ids = [tokens(augment(row.text, row.language, dice)) for row in learn]
        labels = torch.tensor([intents.index(row.intent) for row in learn])
        encoder.train()
        head.train()
        order = batches(ids, 48, dice)
        first = time.time()
        for number, chosen in enumerate(order):
            done = max(number / len(order), (time.time() - first) / 60 / args.minutes)
            if done >= 1:
                break
            for group in machine.param_groups:
                group["lr"] = args.rate * (1 - 0.95 * done)
            with torch.autocast("cpu", torch.bfloat16):
                vectors = encoder(*tensors(ids, chosen))
            logits = head(vectors.float(), 0.1)
            truth = labels[chosen]
            loss = F.cross_entropy(logits, truth, label_smoothing=0.05)
            loss = loss + 0.5 * F.binary_cross_entropy_with_logits(crisis_logit(logits, crisis), crisis[truth].float())
            machine.zero_grad()
            loss.backward()
            machine.step()
        logits = check("biases, norms and head again")
    factors = torch.linspace(0.3, 2.0, 60)
    if not stored["all"]:
        temperature = float(factors[int(torch.stack([F.cross_entropy(logits * f, held_labels) for f in factors]).argmin())])
        limits = {"temperature": temperature}
        print("temperature factor", temperature)
    else:
        limits = {"temperature": 0.85}

    floats = []
    for name, (quantised, values, _, _) in file.tensors.items():
        if quantised or name in ("emb.pos", "emb.type"):
            continue
        if name.startswith("emb.ln"):
            module = encoder.eln
        else:
            layer, part, _ = name.split(".")
            module = getattr(encoder.blocks[int(layer[1:])], part)
        new = (module.weight if name.endswith(".w") else module.bias).detach().numpy()
        assert new.size == values
        floats.append((new - file.plain(name)).astype(np.float16))
    ordered = np.concatenate([changes[name].numpy().ravel() for name, one in file.tensors.items() if one[0] and name != "emb.word"])
    matrix = head.linear.weight.detach() / head.spread
    bias = head.linear.bias.detach() - matrix @ head.mean
    args.out.parent.mkdir(parents=True, exist_ok=True)
    temporary = args.out.with_name("partial.npz")
    np.savez(
        temporary,
        base=np.array(hashlib.sha256(file.data).hexdigest()),
        steps=np.frombuffer(pack(ordered), np.uint8),
        floats=np.concatenate(floats),
        head_weights=matrix.numpy().astype(np.float16),
        head_bias=bias.numpy().astype(np.float32),
        head_labels=np.array(intents),
        head_temperature=np.array(limits["temperature"], np.float32),
        kept_from_training=np.array(not stored["all"]),
    )
    temporary.replace(args.out)
    print(f"{args.out}: {args.out.stat().st_size / 1e6:.2f} MB, {time.time() - begin:.0f}s")


if __name__ == "__main__":
    main()
