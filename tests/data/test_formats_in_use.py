"""Uses of a file in any format: audit it, train on it, write it back."""

import numpy as np
import pytest
from data.format_samples import ADA, RAIN, write_sample
from tiny import tiny_encoder

from gplinker_tf.alignment import TripleAligner, read_labeled_texts
from gplinker_tf.audit import audit_labels
from gplinker_tf.backend import keras
from gplinker_tf.batching import TrainingBatches
from gplinker_tf.data import (
    FORMATS,
    OUTPUT_FORMATS,
    ExtractionOutput,
    TextInput,
    read_examples,
    read_numbered_examples,
    schema_from_data,
)
from gplinker_tf.models import GPLinker
from gplinker_tf.tokenizers import BertTokenizer

TOKENS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", *ADA.lower().split(), *RAIN]

#: The format to write back, for formats that extractions can't be written in.
WRITTEN_AS = {"tsv": "csv", "excel": "csv"}


@pytest.fixture(scope="module")
def model():
    """One model for all formats, so that its step is traced only once."""
    model = GPLinker(tiny_encoder(), num_predicates=1, head_size=8)
    model.compile(keras.optimizers.SGD(0.05))
    return model


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in FORMATS if name != "text"])
def test_it_is_audited_trained_on_and_written_back(tmp_path, model, name):
    path = write_sample(tmp_path, name)
    schema = schema_from_data([path])
    aligner = TripleAligner(BertTokenizer(TOKENS), schema)

    audit = audit_labels(read_numbered_examples(path), aligner)
    assert (audit.statuses.learnable, audit.ceiling.exact.f1) == (1, 1.0)

    texts = read_labeled_texts(path, aligner)
    batches = TrainingBatches(texts, model.target_builder, batch_size=2, seed=0)
    losses = model.fit(batches, epochs=2, verbose=0).history["loss"]
    assert len(batches) == 1 and np.isfinite(losses).all() and losses[1] < losses[0]

    examples, written = read_examples(path), tmp_path / "written"
    format_ = WRITTEN_AS.get(name, name if name in OUTPUT_FORMATS else "jsonl")
    with ExtractionOutput(OUTPUT_FORMATS[format_](), written) as output:
        for example in examples:
            output.write(example.as_extraction())
    assert read_examples(TextInput(written, format_)) == examples
