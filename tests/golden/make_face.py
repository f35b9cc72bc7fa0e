"""Write face.npz and saved/ from the real bert4keras 0.11.5.

TF_USE_LEGACY_KERAS=1 python tests/golden/make_face.py
"""

import json
import sys
from pathlib import Path

import numpy as np

HERE = Path(__file__).parent
SAVED = HERE / "saved"
sys.path.insert(0, str(HERE.parent))

from face_cases import (  # noqa: E402
    BERTS,
    MASKING,
    PADDING,
    SMALL_BERT,
    hard_strings,
    layer_cases,
    optimizers,
    run_bert,
    run_layer,
    run_masking,
    run_optimizer,
    script_labels,
    script_triples,
    sentences,
    speaking_weights,
)
from reference import load_bert4keras  # noqa: E402
from tokenizer_cases import VOCABULARY  # noqa: E402

bert4keras = load_bert4keras()

import tensorflow as tf  # noqa: E402

golden = {}
for name, optimizer in optimizers(bert4keras.optimizers).items():
    for number, value in enumerate(run_optimizer(optimizer, tf)):
        golden[f"optimizer/{name}/{number}"] = value

for name, case in layer_cases(bert4keras.layers).items():
    for number, value in enumerate(run_layer(case, tf)):
        golden[f"layer/{name}/{number}"] = value
for name in BERTS:
    tf.keras.backend.clear_session()
    names, golden[f"bert/{name}"] = run_bert(name, bert4keras.models, tf.keras)
    golden[f"bert/{name}/layers"] = np.array(names)
for number, arguments in enumerate(MASKING):
    found = run_masking(arguments, bert4keras.backend.sequence_masking, tf)
    for part, value in enumerate(found):
        golden[f"masking/{number}/{part}"] = value

token_ids = {token: number for number, token in enumerate(VOCABULARY)}
for lowercase in (True, False):
    tokenizer = bert4keras.tokenizers.Tokenizer(dict(token_ids), do_lower_case=lowercase)
    ids, counts, characters = [], [], []
    for text in hard_strings():
        tokens = tokenizer.tokenize(text)
        found = tokenizer.encode(text)[0]
        ids += [*found, -1]
        try:
            places = tokenizer.rematch(text, tokens)
        except ValueError:
            places = [[-1]] * len(tokens)
        counts += [len(place) for place in places]
        characters += [character for place in places for character in place]
    texts = [tokenizer.decode(tokenizer.encode(text)[0]) for text in hard_strings()[:400]]
    golden[f"tokenizer/{lowercase}/texts"] = np.array(texts)
    for part, values in (("ids", ids), ("counts", counts), ("characters", characters)):
        golden[f"tokenizer/{lowercase}/{part}"] = np.array(values, np.int16)

for number, (inputs, arguments) in enumerate(PADDING):
    golden[f"padding/{number}"] = bert4keras.snippets.sequence_padding(
        [np.array(part) for part in inputs], **arguments
    )

sample = HERE.parents[1] / "gplinker_tf" / "data" / "sample"
tokenizer = bert4keras.tokenizers.Tokenizer(str(sample / "vocab.txt"), do_lower_case=True)
rows = [json.loads(line) for line in (sample / "train_data.json").open(encoding="utf-8")][:100]
examples = [
    (row["text"], [(t["subject"], t["predicate"], t["object"]) for t in row["spo_list"]])
    for row in rows
]
names = [json.loads(line)["predicate"] for line in (sample / "all_50_schemas").open()]
predicates = {name: number for number, name in enumerate(dict.fromkeys(names))}
golden["labels"] = script_labels(tokenizer, examples, predicates)

np.savez_compressed(HERE / "face.npz", **golden)

# Models as the script saves them; small sizes keep the files small.
inputs = [np.array([[2, 5, 9, 7, 3], [2, 8, 3, 0, 0]]), np.zeros([2, 5], int)]
outputs = {}
for kind in ("EfficientGlobalPointer", "GlobalPointer"):
    tf.keras.backend.clear_session()
    tf.keras.utils.set_random_seed(5)
    bert = bert4keras.models.build_transformer_model(**SMALL_BERT, return_keras_model=False)
    pointer = getattr(bert4keras.layers, kind)
    heads = dict(heads=3, head_size=4, RoPE=False, tril_mask=False)
    pointers = [pointer(heads=2, head_size=4), pointer(**heads), pointer(**heads)]
    model = tf.keras.Model(bert.model.inputs, [layer(bert.model.output) for layer in pointers])
    model.set_weights(list(map(speaking_weights(seed=6), model.get_weights())))
    model.save_weights(SAVED / f"{kind}.h5")
    (SAVED / f"{kind}.h5").rename(SAVED / f"{kind}.weights")
    model.save_weights(str(SAVED / f"{kind}_checkpoint"))
    for name, logits in zip(("entity", "head", "tail"), model.predict(inputs), strict=True):
        outputs[f"{kind}/{name}"] = logits
    for number, ids in enumerate(sentences()):
        logits = [
            part[0] for part in model.predict([np.array([ids]), np.zeros([1, len(ids)], int)])
        ]
        triples = sorted(script_triples(logits))
        outputs[f"{kind}/triples/{number}"] = np.array(triples, np.int16).reshape(-1, 5)
(SAVED / "checkpoint").unlink()
np.savez_compressed(SAVED / "logits.npz", **outputs)
