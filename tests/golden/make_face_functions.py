"""Write face_functions.npz from the real bert4keras 0.11.5.

TF_USE_LEGACY_KERAS=1 python tests/golden/make_face_functions.py
"""

import sys
from pathlib import Path

import numpy as np

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

from face_function_cases import (  # noqa: E402
    LENGTHS,
    backend_cases,
    extended_optimizers,
    generated,
    label_layers,
    run_extended_optimizer,
    run_label_layer,
    snippet_cases,
    viterbi_paths,
)
from reference import load_bert4keras  # noqa: E402

bert4keras = load_bert4keras()

import tensorflow as tf  # noqa: E402

golden = {}
for name, arrays in backend_cases(bert4keras.backend, tf).items():
    for number, array in enumerate(arrays):
        golden[f"backend/{name}/{number}"] = array

for length in LENGTHS:
    for name, (layer, weights) in label_layers(bert4keras.layers).items():
        for number, array in enumerate(run_label_layer(layer, weights, length, tf)):
            golden[f"labels/{name}/{length}/{number}"] = array
for number, path in enumerate(viterbi_paths(bert4keras.snippets)):
    golden[f"viterbi/{number}"] = path
for name, sequences in generated(bert4keras.snippets).items():
    for number, sequence in enumerate(sequences):
        golden[f"generated/{name}/{number}"] = sequence
golden["snippets"] = np.array(snippet_cases(bert4keras.snippets))


def start_slow_weights(optimizer, weights):
    """Start the slow weights at the weights; bert4keras starts at zero, which is not lookahead."""
    optimizer._create_all_weights(weights)
    for weight in weights:
        if "slow_var" in optimizer.get_slot_names():
            optimizer.get_slot(weight, "slow_var").assign(weight)


for name, (optimizer, steps) in extended_optimizers(bert4keras.optimizers).items():
    golden[f"optimizer/{name}"] = run_extended_optimizer(optimizer, steps, tf, start_slow_weights)

np.savez_compressed(HERE / "face_functions.npz", **golden)
