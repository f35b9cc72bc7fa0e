# %% [markdown]
# # 7. The blog's models side by side
#
# [The blog](https://kexue.fm/archives/8888) compares GPLinker with CasRel and TPLinker. Here they learn from the same
# triples. The notebook shows what each is taught, what each can't express, how large each is, and a short race.

# %%
from importlib.resources import files
from pathlib import Path
from time import perf_counter

import matplotlib.pyplot as plt
import numpy as np

from gplinker_tf import TrainingOptions, train
from gplinker_tf.backend import keras
from gplinker_tf.data import DataFolder
from gplinker_tf.encoders import EncoderFolder
from gplinker_tf.models import MODELS, CasRelOptions, GPLinkerOptions

list(MODELS)

# %% [markdown]
# ## What each is taught
#
# Two triples as quintuples $(s_h, s_t, p, o_h, o_t)$: one subject with two objects, in a text of ten tokens.

# %%
quintuples = np.array([[1, 2, 0, 4, 5], [1, 2, 1, 7, 7]])
token_ids = np.ones([1, 10], np.int32)
for name, kind in MODELS.items():
    targets = kind.target_builder(num_predicates=2)(
        [quintuples], token_ids, np.random.default_rng(1)
    )
    print(f"{name}: " + ", ".join(f"{part} {list(value.shape)}" for part, value in targets.items()))

# %% [markdown]
# - **CasRel** tags the first and last tokens of all subjects. Then it picks *one* of them and tags its objects for
#   each predicate. In training one subject per text is drawn; extraction goes through all.
# - **GPLinker** scores pairs, and lists the positive ones for each label.
# - **TPLinker** makes a vector for each pair of tokens, and classifies the links between them: `tplinker` each link into
#   one of three classes, `tplinker-plus` with one decision per class.
#
# ## What each can't express
#
# Decode the targets as if they were a perfect model's scores. Some triples are then missing, and others are spurious:

# %%
cases = {
    "two objects of one subject": [[1, 2, 0, 4, 5], [1, 2, 0, 7, 7]],
    "two subjects start at one token": [[1, 2, 0, 6, 6], [1, 4, 0, 8, 8]],
    "one pair, both directions": [[1, 2, 0, 4, 4], [4, 4, 0, 1, 2]],
    "one pair, two predicates": [[1, 2, 0, 4, 5], [1, 2, 1, 4, 5]],
    "an object inside its subject": [[1, 4, 0, 1, 2]],
    "starts and ends that cross": [[1, 2, 0, 6, 7], [3, 4, 0, 8, 9], [1, 4, 1, 6, 9]],
}
print(f"{'':34}" + "".join(f"{name:>15}" for name in MODELS))
for title, rows in cases.items():
    cells = []
    for kind in MODELS.values():
        found = kind.target_builder(num_predicates=2).decoded(np.array(rows), length=12)
        correct = len(found & set(map(tuple, rows)))
        spurious = f" +{len(found) - correct}" if len(found) > correct else ""
        cells.append(f"{correct} of {len(rows)}{spurious}")
    print(f"{title:34}" + "".join(f"{cell:>15}" for cell in cells))

# %% [markdown]
# "+1" is a triple that is not annotated. `gplinker audit --model NAME` counts such cases in your data; they are rare.
#
# ## How large each is
#
# The layers on top of the encoder, for LIC2019's 49 predicates and the hidden size of BERT base.


# %%
def encoder_of(size):
    """The smallest encoder of this hidden size: an embedding and a normalization."""
    tokens, segments = (keras.Input([None], dtype="int32") for _ in range(2))
    hidden = keras.layers.Embedding(10, size)(tokens)
    return keras.Model([tokens, segments], keras.layers.LayerNormalization()(hidden))


def model_of(name, **settings):
    return MODELS[name].model_class(encoder_of(768), 49, **settings)


models = {name: model_of(name) for name in MODELS}
models["gplinker, standard"] = model_of("gplinker", pointer="standard")
for name, model in models.items():
    parameters = model.count_params() - model.encoder.count_params()
    print(f"{name:18} {parameters:>10,} parameters")

# %% [markdown]
# They differ most in memory. This is what their own layers hold in a training step, for one text:

# %%
lengths = np.arange(16, 257, 16)
figure, axis = plt.subplots(figsize=(8, 4), layout="constrained")
for name, model in models.items():
    sizes = [4 * model.activations_per_text(int(length)) / 2**20 for length in lengths]
    axis.plot(lengths, sizes, label=name)
axis.set(
    xlabel="tokens", ylabel="MiB per text", yscale="log", title="Activations of the task layers"
)
axis.legend()
plt.show()

# %% [markdown]
# TPLinker's vector for each pair of tokens is what takes the memory.
#
# ## A short race
#
# GPLinker and CasRel on 1,500 sentences of the sample corpus, from random weights, with the same settings for both.
# On a larger scale, `gplinker compare` trains all models of the blog's table with several seeds ([Reproducing the
# blog's table](../../docs/comparison.md)).

# %%
sample = Path(str(files("gplinker_tf.data") / "sample"))
data, encoder = DataFolder.open(sample), EncoderFolder.open(sample, weights_required=False)
curves = {}
for options in (GPLinkerOptions(), CasRelOptions()):
    settings = TrainingOptions(
        options, epochs=3, limit=1500, batch_size=32, learning_rate=2e-3, tune="none", seed=1
    )
    start, lines = perf_counter(), []
    result = train(
        data, encoder, options.kind, settings, overwrite=True, progress=False, report=lines.append
    )
    curves[options.kind] = [record["f1"] for record in result.records]
    print(f"{options.kind}: F1 {result.best['f1']:.3f} in {perf_counter() - start:.0f} seconds")

# %%
figure, axis = plt.subplots(figsize=(6, 3.5), layout="constrained")
for name, curve in curves.items():
    axis.plot(range(1, len(curve) + 1), curve, marker="o", label=name)
axis.set(xlabel="epoch", ylabel="F1", ylim=(0, 1), xticks=range(1, 4))
axis.legend()
plt.show()

# %% [markdown]
# So short a run only shows that both learn; [Results](../../docs/results.md) has real ones.
