"""Write losses.npz from the real bert4keras 0.11.5.

TF_USE_LEGACY_KERAS=1 python tests/golden/make_losses.py
"""

import sys
from pathlib import Path

import numpy as np
import tensorflow as tf

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

from reference import load_bert4keras  # noqa: E402

backend = load_bert4keras().backend
rng = np.random.default_rng(11)
scores = rng.uniform(-8, 3, [8, 256]).astype("float32")
labels = np.stack([rng.choice(np.arange(1, 256), 4, replace=False) for _ in range(8)])
targets = np.zeros_like(scores)
np.put_along_axis(targets, labels, 1, axis=1)
sparse = backend.sparse_multilabel_categorical_crossentropy
np.savez_compressed(
    HERE / "losses.npz",
    scores=scores,
    labels=labels,
    sparse=sparse(tf.constant(labels), tf.constant(scores)),
    sparse_mask_zero=sparse(tf.constant(labels), tf.constant(scores), True),
    dense=backend.multilabel_categorical_crossentropy(tf.constant(targets), tf.constant(scores)),
)
