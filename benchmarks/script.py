"""The blog's script on bert4keras 0.11.5, rebuilt from the parts of the real library.

It computes what the script computes: shuffled batches padded to their longest text, the published
sparse loss, and one forward pass per sentence in extraction. It needs legacy Keras.
"""

from __future__ import annotations

import json
import random
import tempfile
from pathlib import Path

import numpy as np

from gplinker_tf import RelationExtractor
from gplinker_tf.structures import Example


class Bert4kerasScript:
    """The script's model, batches, training step and extraction loop.

    Args:
        extractor: the source of sizes, weights, vocabulary and schema, the same for both sides.
        learning_rate: the learning rate of Adam.
        seed: the seed of the shuffling.
    """

    def __init__(self, extractor: RelationExtractor, learning_rate: float, seed: int) -> None:
        from gplinker_tf.backend import tf
        from tests.reference import load_bert4keras

        bert4keras = load_bert4keras()
        random.seed(seed)
        self.tf, self.schema, self.max_length = tf, extractor.schema, extractor.max_length
        self.pad = bert4keras.snippets.sequence_padding
        with tempfile.TemporaryDirectory() as folder:
            vocabulary, config = Path(folder, "vocab.txt"), Path(folder, "config.json")
            extractor.tokenizer.save_vocab(vocabulary)
            config.write_text(json.dumps(extractor.encoder_config))
            self.tokenizer = bert4keras.tokenizers.Tokenizer(
                str(vocabulary), do_lower_case=extractor.tokenizer.lowercase
            )
            bert = bert4keras.models.build_transformer_model(str(config))
        for layer in extractor.model.encoder.layers:
            if layer.get_weights():
                bert.get_layer(layer.name).set_weights(layer.get_weights())
        pointer = bert4keras.layers.EfficientGlobalPointer
        relation = dict(
            heads=len(self.schema.predicates), head_size=64, RoPE=False, tril_mask=False
        )
        pointers = [pointer(heads=2, head_size=64), pointer(**relation), pointer(**relation)]
        outputs = [layer(bert.output) for layer in pointers]
        for layer, name in zip(pointers, ("entity", "head", "tail"), strict=True):
            layer.set_weights(getattr(extractor.model, name).get_weights())
        self.model = tf.keras.Model(bert.inputs, outputs)
        sparse_loss = bert4keras.backend.sparse_multilabel_categorical_crossentropy

        def loss(y_true, y_pred):
            shape = tf.shape(y_pred)
            cells = y_true[..., 0] * tf.cast(shape[2], y_true.dtype) + y_true[..., 1]
            flat = tf.reshape(y_pred, [shape[0], -1, shape[2] * shape[3]])
            return tf.reduce_mean(tf.reduce_sum(sparse_loss(cells, flat, True), axis=1))

        self.model.compile(bert4keras.optimizers.Adam(learning_rate), loss)

    def batches(self, examples: list[Example], size: int):
        """Yield batches as the script makes them, without end."""
        while True:
            order = random.sample(examples, len(examples))
            for start in range(0, len(order), size):
                yield self._batch(order[start : start + size])

    def train(self, batch) -> float:
        """Take one training step, and return its loss."""
        return self.model.train_on_batch(*batch)[0]

    def extract(self, text: str) -> set[tuple[str, str, str]]:
        """Extract from one sentence: a forward pass, then loops over all pairs of spans."""
        tokens = self.tokenizer.tokenize(text, maxlen=self.max_length)
        places = self.tokenizer.rematch(text, tokens)
        ids, segments = self.tokenizer.encode(text, maxlen=self.max_length)
        inputs = [np.array([ids]), np.array([segments])]
        entity, head, tail = (output.numpy()[0] for output in self.model(inputs))
        entity[:, [0, -1]] = entity[:, :, [0, -1]] = -np.inf
        spans = [list(zip(*np.where(role > 0), strict=True)) for role in entity]

        def words(start, end):
            return text[places[start][0] : places[end][-1] + 1]

        return {
            (words(*subject), self.schema.predicates[predicate], words(*object_))
            for subject in spans[0]
            for object_ in spans[1]
            for predicate in set(np.where(head[:, subject[0], object_[0]] > 0)[0])
            & set(np.where(tail[:, subject[1], object_[1]] > 0)[0])
        }

    def _batch(self, examples: list[Example]):
        rows = [self._labeled(example) for example in examples]
        ids, segments, *labels = zip(*rows, strict=True)
        inputs = [self.pad(ids), self.pad(segments)]
        return inputs, [self.pad(label, seq_dims=2).astype("float32") for label in labels]

    def _labeled(self, example: Example):
        ids, segments = self.tokenizer.encode(example.text, maxlen=self.max_length)
        entity, head, tail = ([set() for _ in range(count)] for count in self._label_counts())
        for triple in example.triples:
            subject, predicate, object_ = triple.words
            (sh, st), (oh, ot) = self._find(subject, ids), self._find(object_, ids)
            if sh is not None and oh is not None:
                label = self.schema.index[predicate]
                entity[0].add((sh, st))
                entity[1].add((oh, ot))
                head[label].add((sh, oh))
                tail[label].add((st, ot))
        return (
            ids,
            segments,
            *(
                self.pad([sorted(pairs) or [(0, 0)] for pairs in labels])
                for labels in (entity, head, tail)
            ),
        )

    def _label_counts(self) -> tuple[int, int, int]:
        predicates = len(self.schema.predicates)
        return 2, predicates, predicates

    def _find(self, word: str, ids: list[int]) -> tuple[int | None, int | None]:
        wanted = self.tokenizer.encode(word)[0][1:-1]
        for start in range(len(ids) - len(wanted) + 1):
            if ids[start : start + len(wanted)] == wanted:
                return start, start + len(wanted) - 1
        return None, None
