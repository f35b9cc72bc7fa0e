"""Google's names, without the family's prefix, for tensors from any source."""

from __future__ import annotations

import re

#: The prefixes of an encoder's tensor names in files.
SCOPES = ("bert", "albert", "electra", "nezha", "roformer", "gau_alpha", "GAU_alpha")

GROUP = "encoder/transformer/group_0/inner_group_0"

#: Replacements of parts of names, in order: scopes, then transformers' names for ALBERT, then
#: transformers' name endings.
REPLACED = [
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        (rf"^(?:.*/)?(?:{'|'.join(SCOPES)})/(?=embeddings|encoder)", ""),
        (r"^encoder/embedding_hidden_mapping_in/", "embeddings_project/"),
        (r"/layer(?:/|_\._)(\d+)/", r"/layer_\1/"),
        (r"^encoder/albert_layer_groups(?:/|_\._)0/albert_layers(?:/|_\._)0/", f"{GROUP}/"),
        (rf"^{GROUP}/attention/LayerNorm/", f"{GROUP}/LayerNorm/"),
        (rf"^{GROUP}/attention/(query|key|value)/", rf"{GROUP}/attention_1/self/\1/"),
        (rf"^{GROUP}/attention/dense/", f"{GROUP}/attention_1/output/dense/"),
        (rf"^{GROUP}/full_layer_layer_norm/", f"{GROUP}/LayerNorm_1/"),
        (rf"^{GROUP}/ffn/", f"{GROUP}/ffn_1/intermediate/dense/"),
        (rf"^{GROUP}/ffn_output/", f"{GROUP}/ffn_1/intermediate/output/dense/"),
        (r"(LayerNorm(?:_1)?|scaleoffset)/weight$", r"\1/gamma"),
        (r"(LayerNorm(?:_1)?)/bias$", r"\1/beta"),
        (r"_embeddings/(?:weight|embeddings)$", "_embeddings"),
        (r"/weight$", "/kernel"),
    )
]

#: The names of an encoder's trained weights; optimizer slots and constant tables do not match.
LEARNED = re.compile(
    r"^(?:embeddings|embeddings_project|encoder)/"
    r"(?!embed_positions/)(?:.*/)?(?:kernel|bias|gamma|beta|\w+_embeddings)$"
)
BLOCK = re.compile(r"^encoder/layer_(\d+)/")


def google_name(name: str) -> str:
    """Return Google's name for a tensor named by Google, transformers or bert4keras.

    Example:

    >>> google_name("bert/embeddings/LayerNorm/beta")
    'embeddings/LayerNorm/beta'
    >>> google_name("bert.encoder.layer.0.output.dense.weight".replace(".", "/"))
    'encoder/layer_0/output/dense/kernel'
    >>> google_name("electra/tf_electra_model/electra/encoder/layer_._0/output/LayerNorm/gamma")
    'encoder/layer_0/output/LayerNorm/gamma'
    """
    for pattern, replacement in REPLACED:
        name = pattern.sub(replacement, name)
    return name


def unread_names(stored: set[str], read: set[str]) -> list[str]:
    """Return the trained weights of an encoder that are in a checkpoint but were not read.

    Those of further blocks are left out, since an encoder may be built from the first few blocks.

    Args:
        stored: the names in the checkpoint.
        read: the names that were read.

    Example:

    >>> unread_names({"embeddings/position_embeddings", "encoder/layer_7/output/dense/bias"}, set())
    ['embeddings/position_embeddings']
    """
    blocks = {match[1] for match in map(BLOCK.match, read) if match}
    return [
        name
        for name in sorted(stored - read)
        if LEARNED.match(name) and ((block := BLOCK.match(name)) is None or block[1] in blocks)
    ]
