"""Extract triples with GPLinker: the blog's script on current TensorFlow.

    python examples/task_relation_extraction_gplinker.py DATA ENCODER

DATA is a folder with LIC2019's train_data.json, dev_data.json and all_50_schemas; ENCODER is the
folder of a BERT in Google's or Hugging Face's format. `gplinker train` does the same more
conveniently; this file shows how the parts fit together, for you to change.

Article: https://kexue.fm/archives/8888. On full LIC2019 with BERT base, the blog reports
F1 = 0.8268 for the efficient pointer.
"""

import argparse

from gplinker_tf import RelationExtractor
from gplinker_tf.alignment import TripleAligner, read_labeled_texts
from gplinker_tf.backend import keras
from gplinker_tf.batching import TrainingBatches
from gplinker_tf.data import DataFolder, read_examples
from gplinker_tf.encoders import EncoderFolder
from gplinker_tf.metrics import evaluate_triples
from gplinker_tf.models import GPLinker
from gplinker_tf.tokenizers import BertTokenizer
from gplinker_tf.training import AveragingAdam

parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
parser.add_argument("data")
parser.add_argument("encoder")
parser.add_argument("--output", default="best_model", help="folder of the best model")
parser.add_argument("--epochs", type=int, default=20)
parser.add_argument("--batch-size", type=int, default=64)
parser.add_argument("--learning-rate", type=float, default=1e-5)
parser.add_argument("--limit", type=int, help="use only the first N lines of both files")
parser.add_argument(
    "--from-scratch", action="store_true", help="start with random weights if the folder has none"
)
args = parser.parse_args()
maxlen = 128

# Data: texts with their triples, and the predicates
folder = DataFolder.open(args.data)
schema = folder.read_schema()
valid_data = read_examples(folder.dev, schema, args.limit)

# Model: encoder + three pointers
keras.utils.set_random_seed(42)
bert = EncoderFolder.open(args.encoder, weights_required=not args.from_scratch)
tokenizer = BertTokenizer.from_vocab_file(bert.vocab_path, bert.lowercase)
model = GPLinker(bert.build(), num_predicates=len(schema.predicates), pointer="efficient")
optimizer = AveragingAdam(args.learning_rate, averaging=0.999)
model.compile(optimizer)
extractor = RelationExtractor(model, tokenizer, schema, maxlen, bert.config())

# Labels: the tokens of subject and object
aligner = TripleAligner(tokenizer, schema, maxlen)
train_texts = read_labeled_texts(folder.train, aligner, args.limit, progress=True)
batches = TrainingBatches(train_texts, model.target_builder, args.batch_size, seed=42)


class Evaluator(keras.callbacks.Callback):
    """Prints F1 with the averaged weights after each epoch, and saves the best model."""

    best_f1 = 0.0

    def on_epoch_end(self, epoch, logs=None):
        with optimizer.averaged_weights():
            found = extractor([example.text for example in valid_data], progress=True)
            scores = evaluate_triples(valid_data, found, tokenizer.tokenize).tokenized
            if scores.f1 >= self.best_f1:
                self.best_f1 = scores.f1
                extractor.save(args.output)
        print(
            f"f1: {scores.f1:.5f}, precision: {scores.precision:.5f}, "
            f"recall: {scores.recall:.5f}, best f1: {self.best_f1:.5f}"
        )


model.fit(
    batches.dataset(),
    steps_per_epoch=len(batches),
    epochs=args.epochs,
    callbacks=[Evaluator()],
    shuffle=False,
)

# Use: RelationExtractor.load(args.output)(["《喜剧之王》由周星驰主演"])
