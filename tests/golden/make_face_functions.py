"""Writes face_functions.npz from the real bert4keras 0.11.5.

TF_USE_LEGACY_KERAS=1 python tests/golden/make_face_functions.py
"""

import sys
from pathlib import Path

import numpy as np

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

from face_function_cases import backend_cases  # noqa: E402
from reference import load_bert4keras  # noqa: E402

bert4keras = load_bert4keras()

import tensorflow as tf  # noqa: E402

golden = {}
for name, arrays in backend_cases(bert4keras.backend, tf).items():
    for number, array in enumerate(arrays):
        golden[f"backend/{name}/{number}"] = array

np.savez_compressed(HERE / "face_functions.npz", **golden)
