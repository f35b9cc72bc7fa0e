"""Combinations of pointer arguments, shared by the parity tests and their golden files."""

import itertools

import numpy as np

HEADS, SIZE, HIDDEN, LENGTH = 3, 8, 12, 7

#: Class name, RoPE, use_bias, tril_mask, and whether a mask is passed.
CASES = list(itertools.product(["GlobalPointer", "EfficientGlobalPointer"], *[[True, False]] * 4))


def case_name(case):
    name, *flags = case
    words = zip(("RoPE", "bias", "tril", "mask"), flags, strict=True)
    return "-".join([name, *(word for word, flag in words if flag)])


def case_inputs():
    """Return hidden states `[2, L, D]` and a mask with padding in the second sample."""
    hidden = np.random.default_rng(20).normal(size=[2, LENGTH, HIDDEN]).astype("float32")
    mask = np.ones([2, LENGTH], bool)
    mask[1, 5:] = False
    return hidden, mask


def case_weights(case):
    """Return weights in bert4keras's order, with nonzero biases."""
    name, _, use_bias, *_ = case
    shapes = {
        "GlobalPointer": [(HIDDEN, 2 * HEADS * SIZE)],
        "EfficientGlobalPointer": [(HIDDEN, 2 * SIZE), (2 * SIZE, 2 * HEADS)],
    }[name]
    rng = np.random.default_rng(21)
    weights = []
    for shape in shapes:
        weights.append(rng.normal(size=shape).astype("float32") / 3)
        if use_bias:
            weights.append(rng.normal(size=shape[1]).astype("float32") / 3)
    return weights


def case_arguments(case):
    _, rope, use_bias, tril_mask, _ = case
    return dict(heads=HEADS, head_size=SIZE, RoPE=rope, use_bias=use_bias, tril_mask=tril_mask)


def bert4keras_logits(bert4keras, case):
    """Return the logits of the real bert4keras layer for the case."""
    hidden, mask = case_inputs()
    layer = getattr(bert4keras.layers, case[0])(**case_arguments(case))
    import tensorflow as tf

    inputs = tf.constant(hidden)
    given = tf.constant(mask) if case[-1] else None
    layer(inputs, mask=given)
    # bert4keras creates its Dense layers in `build` or in the first call, so set them one by one.
    parts = [layer.dense] if case[0] == "GlobalPointer" else [layer.p_dense, layer.q_dense]
    weights = case_weights(case)
    for part in parts:
        count = len(part.get_weights())
        part.set_weights(weights[:count])
        weights = weights[count:]
    return layer(inputs, mask=given).numpy()
