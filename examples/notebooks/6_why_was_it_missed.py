# %% [markdown]
# # 6. Why was it missed?
#
# A model missed a triple, or found one that is wrong. Three tools say why: the four scores of a triple, errors by cause,
# and the label audit.

# %%
from collections import Counter
from importlib.resources import files
from pathlib import Path

from gplinker_tf import Example, RelationExtractor, Span, TrainingOptions, Triple, evaluate, train
from gplinker_tf.alignment import LabelStatus, TripleAligner
from gplinker_tf.audit import audit_labels
from gplinker_tf.data import DataFolder, read_examples
from gplinker_tf.encoders import EncoderFolder
from gplinker_tf.errors_by_cause import find_mistakes
from gplinker_tf.visualization import show_scores, show_triples

# %% [markdown]
# ## A model that makes mistakes
#
# Three epochs are not enough for the sample corpus, so there is something to explain. The threshold stays at 0 here;
# otherwise the run would end by choosing one.

# %%
sample = Path(str(files("gplinker_tf.data") / "sample"))
data, encoder = DataFolder.open(sample), EncoderFolder.open(sample, weights_required=False)
options = TrainingOptions(epochs=3, batch_size=32, learning_rate=2e-3, tune="none", seed=1)
lines = []
result = train(data, encoder, "run", options, overwrite=True, progress=False, report=lines.append)
extractor = RelationExtractor.load("run")
result

# %% [markdown]
# ## One text
#
# The first of the dev texts in which a triple was missed. Compared with the annotation, triples are correct, missed
# (dashed) or spurious (dotted):

# %%
examples = read_examples(data.dev)
extractions = extractor([example.text for example in examples])


def missed(example, extraction):
    found = {triple.words for triple in extraction.triples}
    return [triple for triple in example.triples if triple.words not in found]


example, extraction = next(
    pair for pair in zip(examples, extractions, strict=True) if missed(*pair)
)
show_triples(extraction, gold=example)

# %% [markdown]
# A triple is found when each of its four scores exceeds the threshold. The bars above the maps show the four scores
# of the missed triple, and which of them decides:

# %%
[lost, *_] = missed(example, extraction)
show_scores(extractor, example.text, lost.predicate, lost.subject.text, lost.object.text)

# %% [markdown]
# If all four are just below the threshold, a lower one finds the triple, but also others that are wrong.
# `gplinker tune` looks for the best threshold ([Thresholds](../../docs/thresholds.md)):

# %%
for threshold in (-2, 0, 2):
    counts = evaluate(extractor, examples, threshold).tokenized
    print(f"threshold {threshold:2}: precision {counts.precision:.3f}, recall {counts.recall:.3f}")

# %% [markdown]
# ## All texts: errors by cause
#
# Each missed triple and each wrong one has a cause, and each cause a remedy ([the error report](../../docs/report.md)
# lists them). `gplinker report run` writes a page with all examples.

# %%
mistakes = find_mistakes(
    examples, extractions, extractor.tokenizer, extractor.schema, extractor.windows
)
Counter(mistake.cause.title for mistake in mistakes).most_common()

# %%
for title in ("wrong predicate", "boundary off by one"):
    mistake = next(one for one in mistakes if one.cause.title == title and one.gold and one.found)
    print(
        f"{title}: {mistake.text}\n    gold  {mistake.gold.words}\n    found {mistake.found.words}"
    )

# %% [markdown]
# ## Could it be learned at all?
#
# Sometimes the labels are the cause. The audit needs only annotated texts. One of these three triples can be learned:

# %%
annotated = [
    Example(
        "《麦田的邮差》由克莉·布伦主演。", (Triple(Span("麦田的邮差"), "主演", Span("克丽·布伦")),)
    ),
    Example(
        "韩帆言" + "，" * 200 + "《候鸟的月台》的导演",
        (Triple(Span("候鸟的月台"), "导演", Span("韩帆言")),),
    ),
    Example("NOZEN科技的创始人是沈雪航。", (Triple(Span("NOZEN科技"), "创始人", Span("沈雪航")),)),
]
aligner = TripleAligner(extractor.tokenizer, extractor.schema)
audit = audit_labels(list(enumerate(annotated, 1)), aligner)
for status, findings in audit.findings.items():
    for finding in findings:
        if isinstance(status, LabelStatus):
            print(f"line {finding.line}: {finding.word}: {status.value}")

# %% [markdown]
# The best recall that remains possible with these labels:

# %%
audit.ceiling.tokenized.recall

# %% [markdown]
# [The label audit](../../docs/audit.md) lists all statuses and what to do about them.
