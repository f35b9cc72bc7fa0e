# %% [markdown]
# # 2. From the quintuple to four pair scores
#
# GPLinker's argument, run step by step ([Su Jianlin's blog](https://kexue.fm/archives/8888),
# [the derivation](../../docs/derivation.md)). Nothing is trained: the scores here are those of a model that makes no
# mistake.

# %%
import matplotlib.pyplot as plt
import numpy as np

from gplinker_tf import Example, Schema, Span, Triple
from gplinker_tf.alignment import TripleAligner
from gplinker_tf.backend import tf
from gplinker_tf.decoding import decode_triples
from gplinker_tf.layers import GlobalPointer
from gplinker_tf.models import GPLinkerTargets
from gplinker_tf.tokenizers import BertTokenizer
from gplinker_tf.visualization import show_triples

# %% [markdown]
# ## A triple is a quintuple
#
# This sentence has two triples. Peking is inside Peking University: the two entities are nested.

# %%
text = "Li Na studied at Peking University"
triples = (
    Triple(Span("Li Na"), "studied at", Span("Peking University")),
    Triple(Span("Peking University"), "located in", Span("Peking")),
)
schema = Schema((("person", "studied at", "school"), ("school", "located in", "city")))
show_triples(Example(text, triples))

# %% [markdown]
# Tokens are numbered from [CLS], token 0. A subject is its first and its last token, $(s_h, s_t)$, and so is an
# object, $(o_h, o_t)$. With the predicate $p$ between them, a triple is five numbers.

# %%
words = text.lower().split()
tokens = ["[CLS]", *words, "[SEP]"]
tokenizer = BertTokenizer(["[PAD]", "[UNK]", "[CLS]", "[SEP]", *words])
aligner = TripleAligner(tokenizer, schema)
[(encoding, quintuples)] = aligner.label([Example(text, triples)])
quintuples


# %%
def read(s_h, s_t, p, o_h, o_t):
    """A quintuple in words."""
    subject, object_ = (" ".join(tokens[h : t + 1]) for h, t in ((s_h, s_t), (o_h, o_t)))
    return f"{subject} -- {schema.predicates[p]} -> {object_}"


[read(*quintuple) for quintuple in quintuples]

# %% [markdown]
# ## Too many to score one by one
#
# With $L$ tokens and $P$ predicates there are about $P L^4$ quintuples, a quarter of that if every end comes after its
# start. The blog splits the score of a quintuple into four scores of token pairs:
#
# $$S(s_h, s_t, p, o_h, o_t) = S(s_h, s_t) + S(o_h, o_t) + S(s_h, o_h \mid p) + S(s_t, o_t \mid p)$$
#
# These are $(2 + 2P) L^2$ numbers in all.

# %%
for length in (32, 128, 512):
    spans = length * (length + 1) // 2
    print(f"L = {length:3}: {49 * spans**2:.1e} quintuples, {(2 + 2 * 49) * length**2:.1e} pairs")

# %% [markdown]
# ## What the model learns
#
# The scores come from three parts. `entity` has two labels: $(s_h, s_t)$ of the subjects, $(o_h, o_t)$ of the objects.
# `head` has one label per predicate, $(s_h, o_h)$; so has `tail`, $(s_t, o_t)$. The positive pairs of the two triples,
# padded with (0, 0):

# %%
targets = GPLinkerTargets(len(schema.predicates))
labels = targets([quintuples], encoding.token_ids[None], None)
{name: pairs[0].tolist() for name, pairs in labels.items()}


# %% [markdown]
# The same as pictures: the row is the first token of a pair, and the column is the second one.


# %%
def perfect_logits(pairs):
    """Logits `[1, H, L, L]`: 5 at the positive pairs, -5 elsewhere."""
    logits = np.full([1, pairs.shape[1], len(tokens), len(tokens)], -5, np.float32)
    for label, cells in enumerate(pairs[0]):
        for first, second in cells[cells.any(axis=-1)]:
            logits[0, label, first, second] = 5
    return logits


logits = {name: perfect_logits(pairs) for name, pairs in labels.items()}
titles = {"entity": ("subjects", "objects"), "head": schema.predicates, "tail": schema.predicates}
figure, axes = plt.subplots(2, 3, figsize=(11, 7.5), sharex=True, sharey=True, layout="constrained")
for column, (name, scores) in enumerate(logits.items()):
    for row, axis in enumerate(axes[:, column]):
        axis.imshow(scores[0, row], cmap="RdBu_r", vmin=-8, vmax=8)
        axis.set_title(f"{name}: {titles[name][row]}")
        axis.set_xticks(range(len(tokens)), tokens, rotation=60)
        axis.set_yticks(range(len(tokens)), tokens)

# %% [markdown]
# ## Decoding
#
# A triple is found where all four of its scores exceed the threshold, 0. Its own score is their sum, here four times 5.


# %%
def decoded(entity, head, tail):
    """The triples of one text, in words, with their scores."""
    found = decode_triples(entity, head, tail, tf.ones([1, len(tokens)], tf.bool))
    rows = zip(found.subject, found.predicate, found.object, found.score, strict=True)
    return [(read(*s.numpy(), int(p), *o.numpy()), float(score)) for s, p, o, score in rows]


decoded(**logits)

# %% [markdown]
# ## Why `tail`?
#
# Without the fourth score, a relation only says where subject and object *start*. Peking and Peking University start
# at the same token, so every relation of one is also found for the other:

# %%
decoded(logits["entity"], logits["head"], None)

# %% [markdown]
# Without nested entities, `head` alone is enough. But nested entities do occur and, as the blog says, `tail` costs
# little.
#
# ## What `tril_mask` does
#
# No span ends before it starts, so `entity` sets the lower triangle to $-\infty$. A *relation* may point backwards:
# the last token of Peking, 5, comes before the last token of Peking University, 6. The pair (6, 5) of `tail` is in the
# lower triangle, and with `tril_mask` the second triple could not be found.

# %%
hidden = tf.random.stateless_normal([1, len(tokens), 16], seed=[1, 2])
for tril_mask in (True, False):
    layer = GlobalPointer(heads=1, head_size=8, tril_mask=tril_mask)
    print(f"tril_mask={tril_mask}: score of (6, 5) = {float(layer(hidden)[0, 0, 6, 5]):.2f}")

# %% [markdown]
# ## What four scores can't tell apart
#
# Four pairs say less than a quintuple: all pairs of a triple that was never annotated can come from other triples.
# For this, its subject and its object must both be composed of two other spans. `TargetBuilder.decoded` returns what
# perfect scores decode to:

# %%
rows = np.array([[1, 2, 0, 6, 7], [3, 4, 0, 8, 9], [1, 4, 1, 6, 9]])
sorted(targets.decoded(rows, length=12) - {tuple(row) for row in rows.tolist()})

# %% [markdown]
# The subject (1, 4) takes its start from one annotated pair and its end from the other, and so does its object (6, 9).
# This is rare: with perfect scores, GPLinker finds 100 % of the triples of the sample corpus. `gplinker audit` measures
# it for your data, as [notebook 6](6_why_was_it_missed.ipynb) shows.
