"""The files next to a model that a script saved: configuration, schema and vocabulary."""

import json

SIZES = {
    "vocab_size": 30,
    "hidden_size": 8,
    "num_hidden_layers": 2,
    "num_attention_heads": 2,
    "intermediate_size": 12,
    "hidden_act": "gelu",
    "max_position_embeddings": 16,
}
FILES = {"config": "config.json", "schema": "schema", "vocab": "vocab.txt"}


def write_belongings(folder, sizes=SIZES):
    """Write the files of a model with these sizes and three predicates."""
    (folder / FILES["config"]).write_text(json.dumps(sizes))
    tokens = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", *"abcdefghijklmnopqrstuvwxyz"]
    (folder / FILES["vocab"]).write_text("\n".join(tokens))
    rows = [{"subject_type": "s", "predicate": p, "object_type": "o"} for p in "xyz"]
    (folder / FILES["schema"]).write_text("\n".join(map(json.dumps, rows)))
