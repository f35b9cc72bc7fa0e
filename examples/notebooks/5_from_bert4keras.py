# %% [markdown]
# # 5. Coming from bert4keras
#
# An old script needs only new imports, its weights can be converted to a run folder, and its layers have the same
# names here. bert4keras need not be installed. [Compatibility](../../docs/compatibility.md) lists what is supported.

# %%
import difflib
import runpy
from importlib.resources import files
from pathlib import Path

import numpy as np

import gplinker_tf
from gplinker_tf.backend import keras, tf
from gplinker_tf.bert4keras.convert import extractor_from_bert4keras
from gplinker_tf.migration import migrate

# %% [markdown]
# ## An old script
#
# GPLinker as it was written for bert4keras 0.11.5, shortened: it reads 64 sentences, trains, and saves the weights.

# %%
sample = Path(str(files("gplinker_tf.data") / "sample"))
script = f"""import json
import numpy as np
from bert4keras.backend import keras, K
from bert4keras.backend import sparse_multilabel_categorical_crossentropy
from bert4keras.layers import EfficientGlobalPointer as GlobalPointer
from bert4keras.models import build_transformer_model
from bert4keras.optimizers import Adam
from bert4keras.snippets import DataGenerator, sequence_padding
from bert4keras.tokenizers import Tokenizer

data = [json.loads(l) for l in open('{sample}/train_data.json', encoding='utf-8')][:64]
schemas = [json.loads(l)['predicate'] for l in open('{sample}/all_50_schemas', encoding='utf-8')]
predicate2id = {{p: i for i, p in enumerate(dict.fromkeys(schemas))}}
tokenizer = Tokenizer('{sample}/vocab.txt', do_lower_case=True)


def search(pattern, sequence):
    n = len(pattern)
    return next((i for i in range(len(sequence)) if sequence[i:i + n] == pattern), -1)


class data_generator(DataGenerator):
    def __iter__(self, random=False):
        inputs, labels = ([], []), ([], [], [])
        for is_end, d in self.sample(random):
            token_ids, segment_ids = tokenizer.encode(d['text'], maxlen=128)
            spoes = [set() for _ in range(2)], [set() for _ in predicate2id], [set() for _ in predicate2id]
            for spo in d['spo_list']:
                s = tokenizer.encode(spo['subject'])[0][1:-1]
                o = tokenizer.encode(spo['object'])[0][1:-1]
                p, sh, oh = predicate2id[spo['predicate']], search(s, token_ids), search(o, token_ids)
                spoes[0][0].add((sh, sh + len(s) - 1))
                spoes[0][1].add((oh, oh + len(o) - 1))
                spoes[1][p].add((sh, oh))
                spoes[2][p].add((sh + len(s) - 1, oh + len(o) - 1))
            for batch, row in zip(inputs, (token_ids, segment_ids)):
                batch.append(row)
            for batch, row in zip(labels, spoes):
                batch.append(sequence_padding([list(label or [(0, 0)]) for label in row]))
            if len(inputs[0]) == self.batch_size or is_end:
                yield [sequence_padding(b) for b in inputs], [sequence_padding(b, seq_dims=2) for b in labels]
                inputs, labels = ([], []), ([], [], [])


def globalpointer_crossentropy(y_true, y_pred):
    shape = K.shape(y_pred)
    y_true = y_true[..., 0] * K.cast(shape[2], K.floatx()) + y_true[..., 1]
    y_pred = K.reshape(y_pred, (shape[0], -1, K.prod(shape[2:])))
    loss = sparse_multilabel_categorical_crossentropy(y_true, y_pred, True)
    return K.mean(K.sum(loss, axis=1))


base = build_transformer_model(config_path='{sample}/bert_config.json')
pairs = dict(heads=len(predicate2id), head_size=64, RoPE=False, tril_mask=False)
outputs = [
    GlobalPointer(heads=2, head_size=64)(base.output),
    GlobalPointer(**pairs)(base.output),
    GlobalPointer(**pairs)(base.output),
]
model = keras.models.Model(base.inputs, outputs)
model.compile(loss=globalpointer_crossentropy, optimizer=Adam(learning_rate=3e-3))
generator = data_generator(data, 8)
model.fit(generator.forfit(), steps_per_epoch=len(generator), epochs=30, verbose=0)
model.save_weights('best_model.weights')
"""

# %% [markdown]
# ## Migrate
#
# Only the import lines change. `gplinker migrate old.py --output new.py` does this in a terminal, and lists lines that
# cannot work; here there are none.

# %%
migrated, notes = migrate(script)
changed = difflib.unified_diff(script.splitlines(), migrated.splitlines(), n=0, lineterm="")
print("\n".join(line for line in changed if line[:3] not in ("---", "+++") and line[:2] != "@@"))
notes

# %% [markdown]
# The new script runs on current TensorFlow, under Keras 3 and under legacy Keras:

# %%
Path("new.py").write_text(migrated, "utf-8")
trained = runpy.run_path("new.py")
print(
    trained["model"].count_params(),
    "parameters;",
    Path("best_model.weights").stat().st_size,
    "bytes of weights",
)

# %% [markdown]
# ## Old weights
#
# Weights that the script saved, or that a script saved under bert4keras itself, can be loaded as an extractor.
# `gplinker convert` does the same in a terminal.

# %%
extractor = extractor_from_bert4keras(
    "best_model.weights",
    sample / "bert_config.json",
    sample / "all_50_schemas",
    sample / "vocab.txt",
)
extractor.save("run")
extractor

# %% [markdown]
# It has learned from 64 sentences only; here is one of them.

# %%
extractor(trained["data"][0]["text"]).triples

# %% [markdown]
# ## The same layers
#
# Pointers take bert4keras's six arguments and have the same weights. An embedding passes on the `mask`.

# %%
from gplinker_tf.layers import EfficientGlobalPointer, GlobalPointer

hidden = tf.random.stateless_normal([1, 5, 128], seed=[1, 2])
for layer in (GlobalPointer(heads=3, head_size=64), EfficientGlobalPointer(heads=3, head_size=64)):
    print(type(layer).__name__, tuple(layer(hidden).shape), f"{layer.count_params():,} parameters")

# %% [markdown]
# ## The new way
#
# The model, its loss, its targets and its decoding are one object. It trains with `fit`; no generator is needed either,
# since `gplinker train` reads the files ([Quickstart](1_quickstart.ipynb)).

# %%
from gplinker_tf.encoders import build_transformer_model

encoder = build_transformer_model(config_path=sample / "bert_config.json")
model = gplinker_tf.GPLinker(encoder, num_predicates=10)
model.compile(keras.optimizers.Adam(1e-3))
ids = np.array([[2, 40, 41, 42, 43, 3]])
labels = model.target_builder([np.array([[1, 2, 0, 4, 4]])], ids, None)
history = model.fit([ids, np.zeros_like(ids)], labels, epochs=3, verbose=0)
[round(loss, 2) for loss in history.history["loss"]]

# %% [markdown]
# One thing differs on purpose: the loss here is exact, where bert4keras's loses the negatives once positives score high
# ([notebook 3](3_losses.ipynb)).
