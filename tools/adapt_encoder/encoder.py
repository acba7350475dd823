"""The encoder in PyTorch, its weights from the engine's file; the vocabulary stays in 4 bit and is never trained."""

from __future__ import annotations

import numpy as np
import torch
from layout import ModelFile
from torch import nn
from torch.nn import functional as F

PARTS = {"q": "q", "k": "k", "v": "v", "ao": "ao", "fi": "fi", "fo": "fo"}


class Layer(nn.Module):
    def __init__(self, hidden: int, wide: int, heads: int, drop: float) -> None:
        super().__init__()
        self.heads, self.drop = heads, drop
        for name in ("q", "k", "v", "ao"):
            setattr(self, name, nn.Linear(hidden, hidden))
        self.fi, self.fo = nn.Linear(hidden, wide), nn.Linear(wide, hidden)
        self.aln, self.oln = nn.LayerNorm(hidden, eps=1e-12), nn.LayerNorm(hidden, eps=1e-12)

    def forward(self, x: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        size, length, hidden = x.shape

        def cut(y: torch.Tensor) -> torch.Tensor:
            return y.view(size, length, self.heads, -1).transpose(1, 2)

        # By hand and in full precision: for messages this short the library's fused attention takes eight times as long.
        q, k, v = cut(self.q(x)), cut(self.k(x)), cut(self.v(x))
        with torch.autocast("cpu", enabled=False):
            scores = q.float() @ k.float().transpose(-1, -2) * q.shape[-1] ** -0.5 + mask
            a = scores.softmax(-1) @ v.float()
        a = self.ao(a.transpose(1, 2).reshape(size, length, hidden))
        x = self.aln(x + F.dropout(a, self.drop, self.training))
        y = self.fo(F.gelu(self.fi(x)))
        return self.oln(x + F.dropout(y, self.drop, self.training))


class Encoder(nn.Module):
    def __init__(self, file: ModelFile, drop: float = 0.1) -> None:
        super().__init__()
        self.file, self.drop = file, drop
        steps, scales = file.grid("emb.word")
        per_row = file.hidden // 32
        self.steps = torch.from_numpy(steps.astype(np.int8) - 8).view(-1, per_row, 32)
        self.scales = torch.from_numpy(scales).view(-1, per_row, 1)
        self.position = torch.from_numpy(file.plain("emb.pos").reshape(-1, file.hidden).copy())
        self.kind = torch.from_numpy(file.plain("emb.type")[: file.hidden].copy())
        self.eln = nn.LayerNorm(file.hidden, eps=1e-12)
        self.blocks = nn.ModuleList(Layer(file.hidden, file.wide, file.heads, drop) for _ in range(file.layers))
        with torch.no_grad():
            self._norm(self.eln, "emb.ln")
            for number, block in enumerate(self.blocks):
                for part in PARTS:
                    linear = getattr(block, part)
                    linear.weight.copy_(torch.from_numpy(file.weights(f"l{number}.{part}.w", linear.in_features)))
                    linear.bias.copy_(torch.from_numpy(file.plain(f"l{number}.{part}.b").copy()))
                self._norm(block.aln, f"l{number}.aln")
                self._norm(block.oln, f"l{number}.oln")

    def _norm(self, norm: nn.LayerNorm, name: str) -> None:
        norm.weight.copy_(torch.from_numpy(self.file.plain(name + ".w").copy()))
        norm.bias.copy_(torch.from_numpy(self.file.plain(name + ".b").copy()))

    def forward(self, ids: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
        """Sentence vectors of length 1."""
        size, length = ids.shape
        real = torch.arange(length)[None] < lengths[:, None]
        x = (self.steps[ids].float() * self.scales[ids]).flatten(2)
        x = self.eln(x + self.position[:length] + self.kind)
        x = F.dropout(x, self.drop, self.training)
        bias = torch.zeros(size, 1, 1, length).masked_fill(~real[:, None, None], -1e4)
        for block in self.blocks:
            x = block(x, bias)
        weight = real.float()[..., None]
        pooled = (x.float() * weight).sum(1) / weight.sum(1)
        return F.normalize(pooled, dim=-1)
