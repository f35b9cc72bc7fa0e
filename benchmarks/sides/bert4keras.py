"""The work of bert4keras 0.11.5: its layers, its loss, and the script."""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice
from typing import Any

from tests.reference import load_bert4keras

bert4keras = load_bert4keras()

from benchmarks.encoder_passes import passes_of  # noqa: E402
from benchmarks.inputs import padded_share, pointer_inputs, turn_of  # noqa: E402
from benchmarks.script import Bert4kerasScript  # noqa: E402
from gplinker_tf import RelationExtractor  # noqa: E402
from gplinker_tf.backend import tf  # noqa: E402
from gplinker_tf.data import DataFolder, read_examples, read_schema  # noqa: E402
from gplinker_tf.encoders import EncoderFolder  # noqa: E402
from gplinker_tf.metrics import evaluate_triples  # noqa: E402
from gplinker_tf.structures import Example, Extraction, Span, Triple  # noqa: E402
from gplinker_tf.training import TrainingOptions  # noqa: E402
from gplinker_tf.training.preparation import new_extractor  # noqa: E402
from tests.golden.make_encoder_families import gau_alpha  # noqa: E402


def pointer(kind: str, texts: int, length: int, labels: int, hidden_size: int) -> dict:
    """Prepare a pointer layer and the published sparse loss, forward and backward."""
    layers = {
        "efficient": bert4keras.layers.EfficientGlobalPointer,
        "standard": bert4keras.layers.GlobalPointer,
    }
    layer = layers[kind](heads=labels, head_size=64, RoPE=False, tril_mask=False)
    sparse_loss = bert4keras.backend.sparse_multilabel_categorical_crossentropy

    @tf.function
    def step(hidden, mask, cells):
        with tf.GradientTape() as tape:
            tape.watch(hidden)
            logits = layer(hidden, mask=mask)
            shape = tf.shape(logits)
            flat = tf.reshape(logits, [shape[0], labels, shape[2] * shape[3]])
            loss = tf.reduce_mean(tf.reduce_sum(sparse_loss(cells, flat, True), axis=1))
        return loss, tape.gradient(loss, [hidden, *layer.trainable_weights])

    def work(length: int) -> Callable[[int], Any]:
        inputs = pointer_inputs(texts, length, labels, hidden_size)
        pairs = inputs["pairs"].astype("float32")
        cells = tf.constant(pairs[..., 0] * length + pairs[..., 1])
        hidden, mask = tf.constant(inputs["hidden"]), tf.constant(inputs["mask"])
        layer(hidden[:1, :2], mask=mask[:1, :2])  # creates the weights
        return lambda turn: float(step(hidden, mask, cells)[0])

    return {"small": work(16), "step": work(length)}


def training(data: str, encoder: str, steps: int, turns: int) -> dict:
    """Prepare training steps of the script, with batches made in advance.

    Keras would make them in another thread during training, as our side does.
    """
    script, examples = _prepared(data, encoder)
    batches = iter(list(islice(script.batches(examples, 16), steps * turns)))

    def train(turn: int) -> None:
        for _ in range(steps):
            script.train(next(batches))

    return {"training": train}


def padding(data: str, encoder: str) -> dict:
    """Prepare the number of tokens in the first epoch's batches per token of text."""
    script, examples = _prepared(data, encoder)

    def share(turn: int) -> float:
        epoch = islice(script.batches(examples, 16), -(-len(examples) // 16))
        return padded_share(token_ids for (token_ids, _), _ in epoch)

    return {"share": share}


def learning(data: str, encoder: str, encoder_layers: int, steps: int, sentences: int) -> dict:
    """Prepare training steps of the script, including batches, and F1 of its extraction loop."""
    script, examples = _prepared(data, encoder, encoder_layers)
    batches = script.batches(examples, 16)
    dev = read_examples(DataFolder.open(data).dev)[:sentences]

    def learn(turn: int) -> None:
        for _ in range(steps):
            script.train(next(batches))

    def f1(turn: int) -> float:
        extractions = [
            Extraction(
                example.text,
                tuple(Triple(Span(s), p, Span(o)) for s, p, o in script.extract(example.text)),
            )
            for example in dev
        ]
        return evaluate_triples(dev, extractions, script.tokenizer.tokenize).tokenized.f1

    return {"learn": learn, "f1": f1}


def _prepared(
    data: str, encoder: str, encoder_layers: int | None = None
) -> tuple[Bert4kerasScript, list[Example]]:
    folder = DataFolder.open(data)
    options = TrainingOptions(recipe="blog", encoder_layers=encoder_layers, seed=1)
    extractor = new_extractor(EncoderFolder.open(encoder), read_schema(folder.schema), options)
    script = Bert4kerasScript(extractor, learning_rate=1e-4, seed=1)
    return script, read_examples(folder.train)


def extraction(run: str, data: str, sentences: int) -> dict:
    """Prepare the script's loop over sentences."""
    script = Bert4kerasScript(RelationExtractor.load(run), learning_rate=1e-4, seed=1)
    texts = [example.text for example in read_examples(DataFolder.open(data).dev)]

    def extract(turn: int) -> int:
        return sum(len(script.extract(text)) for text in turn_of(texts, turn, sentences))

    return {"extraction": extract}


def encoders(families: dict[str, dict[str, Any]], texts: int, length: int) -> dict:
    """Prepare the forward pass and training step of bert4keras's encoder of each family."""
    works: dict = {}
    for name, sizes in families.items():
        model = gau_alpha(bert4keras.models) if name == "gau_alpha" else name
        built = bert4keras.models.build_transformer_model(model=model, **sizes)
        works |= passes_of(name, built, sizes["vocab_size"], texts, length)
    return works
