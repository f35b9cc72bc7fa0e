"""The combinations of pointer arguments that the parity tests and their goldens share."""

import itertools

import numpy as np

HEADS, SIZE, HIDDEN, LENGTH = 3, 8, 12, 7

#: name of the class, RoPE, use_bias, tril_mask, whether a mask is given
CASES = list(itertools.product(["GlobalPointer", "EfficientGlobalPointer"], *[[True, False]] * 4))


def case_name(case):
    name, *flags = case
    words = zip(("RoPE", "bias", "tril", "mask"), flags, strict=True)
    return "-".join([name, *(word for word, flag in words if flag)])


def case_inputs():
    """Hidden states `[2, L, D]` and a mask with padding in the second sample."""
    hidden = np.random.default_rng(20).normal(size=[2, LENGTH, HIDDEN]).astype("float32")
    mask = np.ones([2, LENGTH], bool)
    mask[1, 5:] = False
    return hidden, mask


def case_weights(case):
    """Weights in bert4keras's order, biases not zero."""
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
    """What the real bert4keras layer gives for the case."""
    hidden, mask = case_inputs()
    layer = getattr(bert4keras.layers, case[0])(**case_arguments(case))
    import tensorflow as tf

    inputs = tf.constant(hidden)
    given = tf.constant(mask) if case[-1] else None
    layer(inputs, mask=given)
    # bert4keras makes its Dense parts inside `build` or the first call: set them part by part.
    parts = [layer.dense] if case[0] == "GlobalPointer" else [layer.p_dense, layer.q_dense]
    weights = case_weights(case)
    for part in parts:
        count = len(part.get_weights())
        part.set_weights(weights[:count])
        weights = weights[count:]
    return layer(inputs, mask=given).numpy()
