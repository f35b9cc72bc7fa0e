"""Models and layers of bert4keras's encoders, run on the real library and on ours."""

import numpy as np
from face_cases import MASK, SMALL_BERT, _vectors
from own_gau_alpha import gau_alpha

GAU = dict(model="gau_alpha", hidden_act="swish", attention_key_size=4)

#: Arguments of `build_transformer_model` by case; each family and each option at least once.
MODELS = {
    "bert": {},
    "bert with heads": {"with_nsp": True, "with_mlm": True, "prefix": "P-"},
    "bert with pool": {"with_pool": "linear", "with_mlm": "linear", "embedding_size": 4},
    "bert lm": {"application": "lm", "hierarchical_position": True},
    "bert unilm": {"application": "unilm", "custom_position_ids": True},
    "bert conditional": {"layer_norm_cond_hidden_size": 3, "layer_norm_cond_hidden_act": "tanh"},
    "bert with caches": {"attention_caches": ("Transformer-1-MultiHeadSelfAttention",)},
    "albert": {"model": "albert", "embedding_size": 4},
    "albert lm": {"model": "albert", "application": "lm", "residual_attention_scores": False},
    "albert_unshared": {"model": "albert_unshared", "embedding_size": 4, "with_pool": True},
    "nezha": {"model": "nezha", "with_mlm": True},
    "nezha unilm": {"model": "nezha", "application": "unilm"},
    "nezha residual": {"model": "nezha", "residual_attention_scores": True},
    "electra": {"model": "electra", "embedding_size": 4, "with_discriminator": True},
    "roformer": {"model": "roformer", "segment_vocab_size": 0, "embedding_size": 4},
    "roformer unilm": {"model": "roformer", "application": "unilm", "custom_position_ids": True},
    "roformer_v2": {"model": "roformer_v2"},
    "roformer_v2 lm": {"model": "roformer_v2", "application": "lm", "embedding_size": 4},
    "gau_alpha": GAU,
    "gau_alpha unilm": {**GAU, "application": "unilm"},
}


def build(name, models, keras, **changes):
    """Build the transformer of a case; for GAU-alpha, which 0.11.5 lacks, a user's subclass."""
    options = {**SMALL_BERT, **MODELS[name], **changes}
    if options.get("model") == "gau_alpha" and not hasattr(models, "GAU_alpha"):
        options["model"] = gau_alpha(models)
    if "layer_norm_cond_hidden_size" in options:
        condition = keras.layers.Input([4])
        options |= {"layer_norm_cond": condition, "additional_input_layers": condition}
    if "attention_caches" in options:
        caches = [keras.layers.Input([3, 8]) for _ in range(2)]
        named = {layer: caches for layer in options["attention_caches"]}
        options |= {"attention_caches": named, "additional_input_layers": caches}
    return models.build_transformer_model(**options, return_keras_model=False)


def set_random_weights(model, seed=4):
    """Set reproducible random weights, in the order of the model."""
    rng = np.random.default_rng(seed)
    model.set_weights([0.3 * rng.normal(size=w.shape) + (w.ndim == 1) for w in model.get_weights()])


def inputs_of(name, count):
    """Return the inputs of a case: two texts, the second with padding."""
    ids = np.array([[2, 5, 9, 7, 3], [2, 8, 3, 0, 0]])
    inputs = [ids]
    if MODELS[name].get("segment_vocab_size") != 0:
        inputs.append(np.array([[0, 0, 0, 1, 1], [0, 0, 1, 0, 0]]))
    if MODELS[name].get("custom_position_ids"):
        inputs.append(np.array([[1, 0, 2, 1, 0], [0, 1, 2, 0, 0]]))
    if "layer_norm_cond_hidden_size" in MODELS[name]:
        inputs.append(_vectors(2, 4))
    if "attention_caches" in MODELS[name]:
        inputs += [_vectors(2, 3, 8, seed=seed) for seed in (1, 2)]
    assert len(inputs) == count
    return inputs


def outputs_and_gradients(transformer, name, tf, rng):
    """Return the names of layers with weights, the outputs, and the gradient of each weight."""
    model = transformer.model
    set_random_weights(model)
    inputs = inputs_of(name, len(transformer.inputs))
    inputs = [tf.constant(part) for part in inputs]
    with tf.GradientTape() as tape:
        outputs = tf.nest.flatten(model(inputs if len(inputs) > 1 else inputs[0]))
        goals = [tf.constant(rng.normal(size=part.shape), part.dtype) for part in outputs]
        loss = tf.add_n([tf.reduce_sum(x * goal) for x, goal in zip(outputs, goals, strict=True)])
    # The TensorFlow variable inside a Keras 3 variable.
    weights = [w if callable(w.value) else w.value for w in model.trainable_weights]
    gradients = tape.gradient(loss, weights, unconnected_gradients="zero")
    names = [layer.name for layer in model.layers if layer.weights]
    dense = [tf.convert_to_tensor(gradient).numpy() for gradient in gradients]
    return names, [part.numpy() for part in outputs], dense


def run_model(transformer, name, tf):
    """Return the names of layers with weights, the outputs, and one number per gradient."""
    rng = np.random.default_rng(7)
    names, outputs, gradients = outputs_and_gradients(transformer, name, tf, rng)
    numbers = [np.sum(g * rng.normal(size=g.shape) / g.size**0.5) for g in gradients]
    assert np.count_nonzero(numbers) > 0.9 * len(numbers)
    return names, outputs, np.array(numbers)


def layer_cases(layers):
    """Return layer, inputs and call arguments by case, for bert4keras's module or ours."""
    mask, x, y = np.array(MASK), _vectors(2, 5, 6), _vectors(2, 3, 6, seed=1)
    lower, bias = np.tril(np.ones([2, 5, 5], bool)), _vectors(2, 5, 5, seed=2)
    places = np.array([[4.0, 2.5, 0.0, 1.0, 3.0], [7.0, 9.0, 2.0, 1.0, 0.5]], "float32")
    turns, own = _vectors(2, 5, 4, seed=6), {"mask": [mask, None]}
    unit = {"units": 8, "key_size": 4}
    cases = {
        "scale offset": (layers.ScaleOffset(), x, {}),
        "scale offset given": (layers.ScaleOffset(scale=2.0, offset=-1.0), x, {}),
        "scale offset conditional": (
            layers.ScaleOffset(conditional=True, hidden_units=3, hidden_activation="tanh"),
            [x, y[:, 0]],
            {},
        ),
        "concatenate": (layers.Concatenate1D(), [x, y], {}),
        "split": (layers.BatchSplit(2), [_vectors(3, 2), _vectors(5, 2, 2)], {}),
        "split by size": (layers.BatchSplit([1, 2]), _vectors(6, 2), {}),
        "concat": (layers.BatchConcat(), [x, _vectors(1, 5, 6)], {}),
        "unit": (layers.GatedAttentionUnit(**unit), x, {"mask": mask}),
        "unit softmax_plus": (
            layers.GatedAttentionUnit(**unit, normalization="softmax_plus", use_bias=False),
            [x, lower, turns],
            {"mask": [mask, None, None], "a_bias": True, "p_bias": "rotary"},
        ),
        "unit added bias": (
            layers.GatedAttentionUnit(**unit, normalization="softmax", attention_scale=False),
            [x, bias],
            {**own, "a_bias": True},
        ),
        "unit of others": (
            layers.GatedAttentionUnit(**unit, self_attention=False, activation="relu"),
            [x, y, y],
            {},
        ),
        "distances": (layers.RelativePositionEmbedding(5, 4), [x, y], {}),
        "distances T5": (layers.RelativePositionEmbeddingT5(8, 4, max_distance=6), [x, y], {}),
        "distances T5 back": (
            layers.RelativePositionEmbeddingT5(6, 4, max_distance=4, bidirectional=False),
            [x, x],
            {},
        ),
        "sinusoidal places": (
            layers.SinusoidalPositionEmbedding(6, custom_position_ids=True),
            [x, places],
            {},
        ),
    }
    for merge_mode in ("add", "mul", "zero", "concat"):
        layer = layers.SinusoidalPositionEmbedding(6, merge_mode)
        cases[f"sinusoidal {merge_mode}"] = (layer, x, {})
    return cases


LAYERS = (
    *("scale offset", "scale offset given", "scale offset conditional", "concatenate", "split"),
    *("split by size", "concat", "unit", "unit softmax_plus", "unit added bias", "unit of others"),
    *("distances", "distances T5", "distances T5 back", "sinusoidal places", "sinusoidal add"),
    *("sinusoidal mul", "sinusoidal zero", "sinusoidal concat"),
)
