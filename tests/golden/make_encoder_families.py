"""Record bert4keras's results for the tiny encoders of tests/encoders, for Keras 3.

TF_USE_LEGACY_KERAS=1 python tests/golden/make_encoder_families.py
"""

import sys
import tempfile
from pathlib import Path

import numpy as np

TESTS = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(TESTS), str(TESTS / "encoders")]

from reference import load_bert4keras  # noqa: E402
from tiny_families import FAMILIES, output_and_gradients, write_google_of  # noqa: E402

#: Every 7th position of an output and every 49th value of a gradient are kept.
STEP = 7


def bert4keras_families_facts(family: str, folder: Path) -> dict[str, np.ndarray]:
    """Return the output and the gradients by tensor name of bert4keras's model of a checkpoint."""
    models = load_bert4keras().models
    transformer = models.build_transformer_model(
        str(folder / "bert_config.json"),
        str(folder / "bert_model.ckpt"),
        model=gau_alpha(models) if family == "gau_alpha" else family,
        return_keras_model=False,
    )
    weights = {
        name: weight
        for layer, names in transformer.variable_mapping().items()
        if layer in transformer.layers and family != "albert_unshared"
        for name, weight in zip(names, transformer.layers[layer].trainable_weights, strict=True)
    }
    return output_and_gradients(transformer.model, weights)


def gau_alpha(models):
    """Return bert4keras's RoFormer-v2 with gated attention, as in ZhuiyiTechnology/GAU-alpha."""

    class GauAlpha(models.RoFormerV2):
        def apply_main_layers(self, inputs, index):
            name = f"Transformer-{index}-GatedAttentionUnit"
            x = self.apply(
                [inputs, self.compute_position_bias(inputs)],
                models.GatedAttentionUnit,
                {"p_bias": "rotary"},
                units=self.intermediate_size,
                key_size=self.attention_key_size,
                activation=self.hidden_act,
                use_bias=False,
                normalization="softmax_plus",
                attention_dropout=self.attention_dropout_rate,
                kernel_initializer=self.initializer,
                name=name,
            )
            x = self.apply(x, models.Dropout, rate=self.dropout_rate, name=f"{name}-Dropout")
            x = self.apply([inputs, x], models.Add, name=f"{name}-Add")
            plain = {"zero_mean": False, "scale": False, "offset": False}
            return self.apply(x, models.LayerNormalization, **plain, name=f"{name}-Norm")

        def variable_mapping(self):
            mapping = {
                "Embedding-Token": ["bert/embeddings/word_embeddings"],
                "Embedding-Segment": ["bert/embeddings/token_type_embeddings"],
            }
            for index in range(self.num_hidden_layers):
                unit = f"GAU_alpha/encoder/layer_{index}/gau"
                # tf_keras orders them by creation, unlike the Keras that GAU-alpha was written for.
                mapping[f"Transformer-{index}-GatedAttentionUnit"] = [
                    f"{unit}/i_dense/kernel",
                    f"{unit}/q_scaleoffset/gamma",
                    f"{unit}/k_scaleoffset/gamma",
                    f"{unit}/o_dense/kernel",
                ]
            return mapping

    return GauAlpha


def thinned(name: str, array: np.ndarray) -> np.ndarray:
    """Return some of the values, for a small file."""
    return array[:, ::STEP] if name == "output" else array.ravel()[:: STEP**2]


if __name__ == "__main__":
    facts = {}
    for family in FAMILIES:
        with tempfile.TemporaryDirectory() as folder:
            found = bert4keras_families_facts(family, write_google_of(Path(folder), family))
        facts |= {f"{family}/{name}": thinned(name, array) for name, array in found.items()}
    np.savez_compressed(Path(__file__).with_name("encoder_families.npz"), **facts)
