# %% [markdown]
# # 1. Quickstart
#
# Train a small model on the sample corpus that comes with the package, then find triples in sentences that it has
# not seen. Everything runs on a CPU, in about a minute. `gplinker demo` does the same in a terminal.

# %%
from importlib.resources import files
from pathlib import Path

from gplinker_tf import RelationExtractor, TrainingOptions, evaluate, train
from gplinker_tf.backend import tf
from gplinker_tf.data import DataFolder, read_examples, read_texts
from gplinker_tf.encoders import EncoderFolder
from gplinker_tf.visualization import show_triples

# %% [markdown]
# ## The data
#
# A data folder holds texts to train on, texts to evaluate on, and a schema. The sentences of the sample corpus are
# invented; each has its triples (subject, predicate, object).

# %%
sample = Path(str(files("gplinker_tf.data") / "sample"))
data = DataFolder.open(sample)
[example] = read_examples(data.train, limit=1)
example.text

# %%
[triple.words for triple in example.triples]

# %% [markdown]
# ## Training
#
# The encoder here is a BERT of two layers that starts from random weights. For your own texts, use the folder of a
# pretrained one, `EncoderFolder.open("chinese_L-12_H-768_A-12")`, and leave the options out: they are then chosen to
# suit your data. The options below make this run short. With so small a model, one thread per operation is faster
# than several.

# %%
tf.config.threading.set_intra_op_parallelism_threads(1)
encoder = EncoderFolder.open(sample, weights_required=False)
options = TrainingOptions(epochs=8, batch_size=32, learning_rate=2e-3, averaging=None, seed=1)
result = train(data, encoder, "quickstart-run", options, overwrite=True, progress=False)

# %% [markdown]
# Each line is an epoch, with the loss, and precision, recall and F1 on the dev set. The folder `quickstart-run` keeps
# the best model.

# %%
result

# %% [markdown]
# ## Triples
#
# The extractor takes one text, or a list of texts.

# %%
extractor = RelationExtractor.load("quickstart-run")
texts = list(read_texts(sample / "new_sentences.txt"))
extraction = extractor(texts[0])
show_triples(extraction)

# %% [markdown]
# A span has character offsets, `text[start:end]`. The score is the sum of four token-pair scores; a triple is found
# when each of the four exceeds the threshold, 0 by default.

# %%
triple = extraction.triples[0]
triple.subject, triple.predicate, triple.object, round(triple.score, 1)

# %%
for extraction in extractor(texts):
    print(extraction.text)
    for triple in extraction.triples:
        print("   ", *triple.words)

# %% [markdown]
# ## Evaluation
#
# Precision, recall and F1, in total and per predicate.

# %%
print(evaluate(extractor, data.dev).table())

# %% [markdown]
# ## Next
#
# - [From the quintuple to four pair scores](2_four_pair_scores.ipynb) explains what the model learns.
# - [Your own schema and data](4_your_own_data.ipynb) starts from a spreadsheet.
# - [Why was it missed?](6_why_was_it_missed.ipynb) looks into the errors.
