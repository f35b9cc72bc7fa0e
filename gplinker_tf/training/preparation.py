"""What training needs, from files and options: model, optimizer and batches."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

from gplinker_tf.alignment import LabeledTexts, TripleAligner
from gplinker_tf.audit import PerfectScores
from gplinker_tf.backend import keras
from gplinker_tf.batching import TrainingBatches, bucket_length, length_multiple
from gplinker_tf.encoders import EncoderFolder
from gplinker_tf.errors import InputError
from gplinker_tf.extraction import RelationExtractor
from gplinker_tf.metrics import Evaluation
from gplinker_tf.models import MODELS, RelationModel, settings_of
from gplinker_tf.precision import layers_compute_in
from gplinker_tf.structures import Example, Schema
from gplinker_tf.tokenizers import BertTokenizer
from gplinker_tf.training._schedule import WarmUpAndDecay
from gplinker_tf.training.optimizer import AveragingAdam
from gplinker_tf.training.options import SettledOptions, TrainingOptions

#: A function from an encoder and the number of predicates to a model.
BuildModel: TypeAlias = Callable[[keras.Model, int], RelationModel]


def new_aligner(folder: EncoderFolder, schema: Schema, options: TrainingOptions) -> TripleAligner:
    """Return an aligner that tokenizes and labels texts for the encoder in a folder.

    With the recipe "blog", words without offsets are searched for as in the original script.

    Raises:
        InputError: the folder's parts do not fit together, or the texts are too long for it.
    """
    fitting_config(folder, options)
    tokenizer = BertTokenizer.from_vocab_file(folder.vocab_path, folder.lowercase)
    search = "tokens" if options.recipe == "blog" else "characters"
    return TripleAligner(
        tokenizer, schema, options.max_length, search, options.occurrences, options.long
    )


def new_extractor(
    folder: EncoderFolder,
    schema: Schema,
    options: SettledOptions,
    build_model: BuildModel | None = None,
) -> RelationExtractor:
    """Return an untrained model on the encoder in a folder, with its tokenizer.

    Args:
        folder: the encoder folder.
        schema: the predicates.
        options: the settings.
        build_model: a function that builds the model; `None` builds the model of the options.

    Raises:
        InputError: the folder's parts do not fit together, or the texts are too long for it.
        TypeError: `build_model` does not return a model.
    """
    config: dict[str, Any] | None = fitting_config(folder, options)
    tokenizer = BertTokenizer.from_vocab_file(folder.vocab_path, folder.lowercase)
    with layers_compute_in(options.precision):
        encoder = folder.build(options.encoder_layers)
        if build_model is None:
            model_class, settings = MODELS[options.model.kind].model_class, options.model
            model = model_class(encoder, len(schema.predicates), **settings_of(settings))
        else:
            model = build_model(encoder, len(schema.predicates))
            if not isinstance(model, RelationModel):
                raise TypeError(
                    f"Expected build_model to return a model, such as GPLinker(encoder, "
                    f"num_predicates). Received: {type(model).__name__}."
                )
            if model.encoder is not encoder:
                config = None  # taken from the model's own encoder when it is saved
    if options.initial_score:
        model.set_initial_score(options.initial_score)
    return RelationExtractor(model, tokenizer, schema, options.max_length, config, options.long)


def fitting_config(folder: EncoderFolder, options: TrainingOptions) -> dict[str, Any]:
    """Return the configuration of an encoder that can read texts of the maximum length.

    Raises:
        InputError: the encoder has too few positions.
    """
    config = folder.config(options.encoder_layers)
    if longest_batch(options) > config["max_position"]:
        raise InputError(
            f"Expected at most {config['max_position']}, the number of positions in "
            f"{folder.config_path}. Received: max_length={options.max_length}."
        )
    return config


def longest_batch(options: TrainingOptions) -> int:
    """Return the length that the longest texts are padded to."""
    return bucket_length(options.max_length, length_multiple(options.jit))


def training_batches(
    texts: LabeledTexts, model: RelationModel, options: SettledOptions
) -> TrainingBatches:
    """Return batches of tokenized and labeled texts for training a model."""
    return TrainingBatches(
        texts,
        model.target_builder,
        options.batch_size,
        options.seed,
        length_multiple(options.jit),
    )


def perfect_evaluation(
    model: RelationModel,
    aligner: TripleAligner,
    examples: Sequence[Example],
    texts: LabeledTexts,
) -> Evaluation:
    """Return the evaluation of a model on annotated texts if its scores were perfect."""
    perfect = PerfectScores(model.target_builder, aligner)
    for example, windows in zip(examples, texts.by_text(), strict=True):
        perfect.add(example, windows)
    return perfect.evaluation()


def new_optimizer(model: RelationModel, options: SettledOptions, steps: int) -> AveragingAdam:
    """Return the optimizer of a run, already built: a first step that builds it is traced twice.

    Args:
        model: the model to train.
        options: the settings.
        steps: the number of steps in the whole run; a decay ends at the last one.
    """
    total = steps if options.decay == "linear" else None
    optimizer = AveragingAdam(
        WarmUpAndDecay(options.learning_rate, options.warm_up, total),
        averaging=options.averaging,
        growing=options.averaging_form == "growing",
        global_clipnorm=options.clip_norm,
    )
    optimizer.build(model.trainable_variables)
    for name in model.parts:
        optimizer.multiply_rate(getattr(model, name).trainable_variables, options.heads_rate)
    return optimizer
