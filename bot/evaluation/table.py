"""Figures as a table for the terminal."""

from __future__ import annotations

from typing import Any


def as_table(result: dict[str, Any]) -> str:
    """One block a metric, one line a language."""
    lines = [f"{result['n']} rows, {result['unusable']} unusable"]
    for name, metric in result["metrics"].items():
        if metric["mean"] is None:
            lines.append(f"{name}: no rows")
            continue
        worst = metric["worst"]
        lines.append(f"{name}: mean over languages {metric['mean']:.4f}, worst {worst['value']:.4f} ({worst['language']})")
        lines += [f"  {code:4} {row['value']:.4f}  of {row['n']}" for code, row in metric["by_language"].items()]
    return "\n".join(lines)
