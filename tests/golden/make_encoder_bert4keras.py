"""Record bert4keras's output for the tiny BERT of tests/encoders, for Keras 3.

TF_USE_LEGACY_KERAS=1 python tests/golden/make_encoder_bert4keras.py
"""

import sys
import tempfile
from pathlib import Path

import numpy as np

TESTS = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(TESTS), str(TESTS / "encoders")]

from reference import load_bert4keras  # noqa: E402
from tiny_bert import batch, write_google  # noqa: E402


def bert4keras_facts(folder: Path) -> dict[str, np.ndarray]:
    """Return the output of bert4keras's model, and the weight shapes of each layer by name."""
    model = load_bert4keras().models.build_transformer_model(
        str(folder / "bert_config.json"), str(folder / "bert_model.ckpt")
    )
    return {
        "output": model.predict(batch(), verbose=0),
        "layers": np.array([layer.name for layer in model.layers]),
        "shapes": np.array(
            [str([tuple(w.shape) for w in layer.weights]) for layer in model.layers]
        ),
        "weights": np.array(
            [float(np.sum(w)) for layer in model.layers for w in layer.get_weights()]
        ),
    }


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        facts = bert4keras_facts(write_google(Path(folder)))
    np.savez_compressed(Path(__file__).with_name("encoder_bert4keras.npz"), **facts)
