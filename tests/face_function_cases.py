"""Functions that bert4keras and `gplinker_tf.bert4keras` are both asked for: cases and inputs."""

import numpy as np


def _numbers(*shape, seed=0, scale=1.0):
    return np.random.default_rng(seed).normal(size=shape, scale=scale).astype("float32")


MASK = np.array([[True] * 5, [True, True, True, False, False]])
NORMALIZED = ("softmax", "squared_relu", "softmax_plus", "none")


def backend_cases(backend, tf):
    """What each function of the backend returns, by name, from bert4keras's module or ours."""
    scores, x = tf.constant(_numbers(2, 3, 5, 5, scale=3)), tf.constant(_numbers(2, 5, 6))
    mask, lower = tf.constant(MASK), tf.constant(np.tril(np.ones([5, 5], bool)))
    angles = backend.sinusoidal_embeddings(tf.range(5.0)[None], 6)
    cases = {
        "align": backend.align(x, [0, 1, -1], 5),
        "align swapped": backend.align(tf.constant(_numbers(2, 3)), [0, 2]),
        "angles": angles,
        "angles of another base": backend.sinusoidal_embeddings(tf.constant([[3.0, 0.5]]), 4, 50),
        "initializer": backend.Sinusoidal()([7, 4]),
        "rotated": backend.apply_rotary_position_embeddings(angles, x),
        "rotated heads": backend.apply_rotary_position_embeddings(
            angles, x[:, :, None] * 2, x[:, :, None]
        ),
        "padded": backend.divisible_temporal_padding(x, 4),
        "not padded": backend.divisible_temporal_padding(x, 5),
        "root mean square": backend.root_mean_square(x),
        "root mean square of rows": backend.root_mean_square(x, axis=-1, keepdims=True),
        "swish": backend.swish(x),
        "leaky": backend.leaky_relu(x),
        "leaky with alpha": backend.leaky_relu(x, alpha=0.5),
        "max pool": backend.pool1d(x, 3, strides=2),
        "mean pool": backend.pool1d(x, 2, padding="same", pool_mode="avg"),
    }
    for method in NORMALIZED:
        ways = {"": {}, " masked": {"mask": mask}, " biased": {"mask": mask, "bias": scores / 2}}
        ways[" lower"] = {"mask": mask, "bias": lower[None, None]}
        for name, arguments in ways.items():
            cases[f"{method}{name}"] = backend.attention_normalize(
                scores, method=method, **arguments
            )
    return {name: [np.array(part) for part in _several(found)] for name, found in cases.items()}


def _several(found):
    return found if isinstance(found, list) else [found]
