# %% [markdown]
# # 3. The losses
#
# The same loss in four forms: with multi-hot targets, sparse as published, sparse and exact, and factorized. They are
# compared by value, by time and by memory. [The derivation](../../docs/derivation.md) has the formulas.

# %%
from time import perf_counter

import matplotlib.pyplot as plt
import numpy as np

from gplinker_tf.backend import tf
from gplinker_tf.layers import EfficientGlobalPointer, pointer_logits
from gplinker_tf.losses import (
    factorized_globalpointer_crossentropy,
    globalpointer_crossentropy,
    multihot_globalpointer_crossentropy,
    published_globalpointer_crossentropy,
)

# %% [markdown]
# ## Equal values
#
# A pointer layer scores every token pair for every label. The positive pairs are listed, `[B, H, K, 2]`. The
# factorized loss takes the layer's factors instead of its scores.

# %%
tf.random.set_seed(1)
layer = EfficientGlobalPointer(heads=3, head_size=64, RoPE=False, tril_mask=False)


def example(batch=2, length=24, labels=3, positives=2, seed=1):
    """Factors of random hidden states, a mask, and random positive pairs."""
    random = np.random.default_rng(seed)
    hidden = tf.constant(random.normal(size=[batch, length, 128]), tf.float32)
    pairs = random.integers(1, length, size=[batch, labels, positives, 2])
    return hidden, tf.ones([batch, length], tf.bool), tf.constant(pairs, tf.int32)


hidden, mask, pairs = example()
layer(hidden)  # builds it
factors = layer.factors(hidden)
logits = pointer_logits(factors, mask)
logits.shape, pairs.shape

# %% [markdown]
# One value per text, the same from all four:

# %%
losses = {
    "multi-hot": multihot_globalpointer_crossentropy(pairs, logits),
    "published": published_globalpointer_crossentropy(pairs, logits),
    "exact": globalpointer_crossentropy(pairs, logits),
    "factorized": factorized_globalpointer_crossentropy(pairs, factors, mask),
}
for name, loss in losses.items():
    print(f"{name:10} {loss.numpy()}")

# %% [markdown]
# Multi-hot targets differ a little: the cell (0, 0), which pads the lists, is one more negative there.
#
# ## The saturated logit
#
# The published form sums all cells and subtracts the positives: $\log(e^a - e^b)$. Once a positive scores far above
# the rest, the two are equal in float32, and the difference is lost. Here are one positive and 16,383 negatives at -10.


# %%
def with_positive(score):
    """Logits of one label and 128 tokens: the pair (1, 1) at `score`, all others at -10."""
    logits = np.full([1, 1, 128, 128], -10.0, np.float32)
    logits[0, 0, 1, 1] = score
    return tf.constant(logits)


def truth(score):
    """In float64, from the formula; cell (0, 0) pads and does not count."""
    return np.log1p(np.exp(-float(score))) + np.log1p((128 * 128 - 2) * np.exp(-10.0))


positive = tf.constant([[[[1, 1]]]])
scores = np.linspace(-5, 25, 121)
forms = {"published": published_globalpointer_crossentropy, "exact": globalpointer_crossentropy}
curves = {
    name: [float(loss(positive, with_positive(s))[0]) for s in scores]
    for name, loss in forms.items()
}

figure, axis = plt.subplots(figsize=(8, 4), layout="constrained")
for name, curve in curves.items():
    axis.plot(scores, curve, label=name)
axis.plot(scores, [truth(s) for s in scores], "k:", label="float64")
axis.set(
    xlabel="score of the positive",
    ylabel="loss",
    ylim=(-0.5, 2),
    title="One positive among negatives at -10",
)
axis.legend()
plt.show()

# %% [markdown]
# From a score of about 11 on, the published loss is wrong, and then negative. Its gradient is worse: at 16, a step
# pushes the *positive* down and leaves the negatives where they are.

# %%
for name, loss in forms.items():
    for score in (5.0, 16.0):
        logits_now = with_positive(score)
        with tf.GradientTape() as tape:
            tape.watch(logits_now)
            value = loss(positive, logits_now)
        gradient = tape.gradient(value, logits_now)[0, 0]
        print(
            f"{name:9} positive at {score:4}: loss {float(value[0]):6.3f}, gradient of a negative "
            f"{float(gradient[5, 7]):.1e}, of the positive {float(gradient[1, 1]):+.1e}"
        )

# %% [markdown]
# The exact form leaves the positives out *before* the sum, so nothing is subtracted.
#
# ## Time and memory
#
# LIC2019 has 49 predicates. The first three losses need the scores of all pairs, `[B, 49, L, L]`; multi-hot targets
# are an array of the same size. The factorized loss needs neither. A step here is the pointer, the loss and its
# gradient, for 8 texts.

# %%
lengths = (32, 64, 96, 128)
pointer = EfficientGlobalPointer(heads=49, head_size=64, RoPE=False, tril_mask=False)
pointer(example(labels=49)[0])


def dense(loss):
    return lambda pairs, hidden, mask: loss(pairs, pointer(hidden, mask=mask))


steps = {
    "multi-hot": dense(multihot_globalpointer_crossentropy),
    "published": dense(published_globalpointer_crossentropy),
    "exact": dense(globalpointer_crossentropy),
    "factorized": lambda pairs, hidden, mask: factorized_globalpointer_crossentropy(
        pairs, pointer.factors(hidden), mask
    ),
}


def seconds(loss, length):
    """The fastest of three steps, after one that compiles."""

    @tf.function
    def step(hidden, mask, pairs):
        with tf.GradientTape() as tape:
            tape.watch(hidden)
            value = tf.reduce_sum(loss(pairs, hidden, mask))
        return tape.gradient(value, hidden)

    inputs = example(batch=8, length=length, labels=49)
    times = []
    for _ in range(4):
        start = perf_counter()
        step(*inputs).numpy()
        times.append(perf_counter() - start)
    return min(times[1:])


times = {name: [seconds(loss, length) for length in lengths] for name, loss in steps.items()}

# %% [markdown]
# The memory is that of the inputs of the loss: scores and targets, or factors and listed pairs.

# %%
MIB = 2**20


def mebibytes(name, batch, length, labels=49, size=64, positives=2):
    scores, listed = batch * labels * length**2, batch * labels * positives * 2
    numbers = {
        "multi-hot": 2 * scores,
        "exact": scores + listed,
        "factorized": batch * length * 2 * (size + labels) + listed,
    }
    return 4 * numbers[name] / MIB


figure, (left, right) = plt.subplots(1, 2, figsize=(11, 4), layout="constrained")
for name, values in times.items():
    left.plot(lengths, [1000 * value for value in values], marker="o", label=name)
left.set(xlabel="tokens", ylabel="milliseconds", title="Pointer, loss and gradient, 8 texts")
for name in ("multi-hot", "exact", "factorized"):
    right.plot(lengths, [mebibytes(name, 64, length) for length in lengths], marker="o", label=name)
right.set(xlabel="tokens", ylabel="MiB", title="What the loss takes, 64 texts", yscale="log")
for axis in (left, right):
    axis.set_xticks(lengths)
    axis.legend()

# %% [markdown]
# The factorized form is what GPLinker trains with. [Performance](../../docs/performance.md) has careful measurements.
