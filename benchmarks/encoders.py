"""What docs/encoders.md shows: what each family of encoders costs, beside BERT and bert4keras.

    python -m benchmarks.encoders --blocks 2

BERT base in width, so many blocks deep, 8 texts of 128 tokens; a forward pass, and a training step:
forward, backward and no optimizer. All families of a side are in one process and take turns.
"""

from __future__ import annotations

from statistics import median
from typing import Annotated, Any

import typer
from tqdm import tqdm

from benchmarks.worker import Worker

#: A family's own sizes, beside those of BERT base.
FAMILIES: dict[str, dict[str, Any]] = {
    "bert": {},
    "albert": {"embedding_size": 128},
    "electra": {},
    "nezha": {},
    "roformer": {},
    "roformer_v2": {},
    "gau_alpha": {"intermediate_size": 1536, "attention_key_size": 128, "hidden_act": "swish"},
}
BASE = {
    "vocab_size": 21128,
    "hidden_size": 768,
    "num_attention_heads": 12,
    "intermediate_size": 3072,
    "hidden_act": "gelu",
    "dropout_rate": 0.1,
    "attention_dropout_rate": 0.1,
    "max_position": 512,
    "segment_vocab_size": 2,
}
TEXTS, LENGTH = 8, 128
WORKS = ("forward", "step")


def main(
    blocks: Annotated[int, typer.Option(help="Transformer blocks of each encoder.")] = 2,
    turns: Annotated[int, typer.Option(help="Turns of each measurement.")] = 11,
) -> None:
    """Measure the families of encoders."""
    families = {name: sizes_of(name, blocks) for name in FAMILIES}
    times = {}
    for side in ("ours", "bert4keras"):
        with Worker(f"{side}:encoders", families=families, texts=TEXTS, length=LENGTH) as worker:
            times[side] = measure(worker, turns)
    print("| family | GFLOP | forward | per FLOP of BERT's | training step | per FLOP of BERT's |")
    print("|---|---|---|---|---|---|")
    for name, sizes in families.items():
        work = flops(name, sizes)
        cells = [name, f"{work / 1e9:.1f}"]
        for kind in WORKS:
            own, theirs = times["ours"][name, kind], times["bert4keras"][name, kind]
            base = times["ours"]["bert", kind] / flops("bert", families["bert"])
            cells += [f"{own * 1e3:.0f} ms (bert4keras {theirs * 1e3:.0f})"]
            cells += [f"{own / work / base:.2f}"]
        print(f"| {' | '.join(cells)} |")


def sizes_of(name: str, blocks: int) -> dict[str, Any]:
    """The sizes of a family's encoder."""
    blocks = 2 * blocks if name == "gau_alpha" else blocks  # two units stand for a block
    return {**BASE, **FAMILIES[name], "num_hidden_layers": blocks}


def measure(worker: Worker, turns: int) -> dict[tuple[str, str], float]:
    """The median seconds of each piece of work."""
    works = [(name, kind) for name in FAMILIES for kind in WORKS]
    seconds: dict[tuple[str, str], list[float]] = {work: [] for work in works}
    for turn in tqdm(range(-1, turns), "turns"):
        for name, kind in works:
            took = worker.seconds(f"{name} {kind}")
            if turn >= 0:  # the first traces
                seconds[name, kind].append(took)
    return {work: median(values) for work, values in seconds.items()}


def flops(name: str, sizes: dict[str, Any]) -> float:
    """Floating-point operations of a forward pass: two for each weight and token, and attention."""
    hidden, inner, blocks = (
        sizes[size] for size in ("hidden_size", "intermediate_size", "num_hidden_layers")
    )
    if name == "gau_alpha":
        key = sizes["attention_key_size"]
        weights, attention = hidden * (3 * inner + key), LENGTH * (inner + key)
    else:
        weights, attention = 4 * hidden**2 + 2 * hidden * inner, 2 * LENGTH * hidden
        attention *= 2 if name == "nezha" else 1
    mapping = hidden * sizes.get("embedding_size", 0)
    return 2.0 * TEXTS * LENGTH * (blocks * (weights + attention) + mapping)


if __name__ == "__main__":
    typer.run(main)
