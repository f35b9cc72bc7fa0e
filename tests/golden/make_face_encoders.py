"""Write face_encoders.npz from the real bert4keras 0.11.5.

TF_USE_LEGACY_KERAS=1 python tests/golden/make_face_encoders.py
"""

import sys
from pathlib import Path

import numpy as np

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

from encoder_face_cases import MODELS, build, layer_cases, run_model  # noqa: E402
from face_cases import run_layer  # noqa: E402
from reference import load_bert4keras  # noqa: E402

bert4keras = load_bert4keras()

import tensorflow as tf  # noqa: E402

# The real one fails if its inputs have no mask.
bert4keras.layers.RelativePositionEmbedding.compute_mask = lambda self, inputs, mask: None

golden = {}
for name in MODELS:
    tf.keras.backend.clear_session()
    transformer = build(name, bert4keras.models, tf.keras)
    names, outputs, gradients = run_model(transformer, name, tf)
    golden[f"model/{name}/names"] = np.array(names)
    golden[f"model/{name}/gradients"] = gradients
    for number, output in enumerate(outputs):
        golden[f"model/{name}/{number}"] = output
for name, case in layer_cases(bert4keras.layers).items():
    for number, value in enumerate(run_layer(case, tf)):
        golden[f"layer/{name}/{number}"] = value

np.savez_compressed(HERE / "face_encoders.npz", **golden)
