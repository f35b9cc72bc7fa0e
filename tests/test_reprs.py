"""The repr of every object is short and shows no address."""

import importlib
import inspect
from collections import Counter
from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest
from tiny import tiny_model

import gplinker_tf
from gplinker_tf import (
    Example,
    Extraction,
    InputError,
    Mention,
    RelationExtractor,
    Schema,
    Span,
    Triple,
    alignment,
    audit,
    batching,
    calibration,
    comparison,
    data,
    decoding,
    distributed,
    encoders,
    errors_by_cause,
    extraction,
    layers,
    metrics,
    models,
    report,
    runs,
    service,
    structures,
    tokenizers,
    training,
    visualization,
)
from gplinker_tf.backend import keras, tf

ROOMS = (
    *("alignment", "audit", "batching", "calibration", "comparison", "compression", "data"),
    *("decoding", "distributed", "encoders", "errors_by_cause", "export"),
    *("extraction", "layers", "losses", "metrics", "models", "report", "runs", "service"),
    *("tokenizers", "training", "visualization"),
)
MOST = 300

WORDS = [f"词{number}" for number in range(2000)]
LONG = "长" * 5000
SPAN = Span(LONG, 10, 5010)
TRIPLE = Triple(SPAN, LONG, SPAN, 1 / 3)
SCHEMA = Schema(tuple((LONG, word, LONG) for word in WORDS))
FOLDER = Path("/" + "/".join(["a-long-name"] * 40))
TOKENIZER = tokenizers.BertTokenizer(["[PAD]", "[UNK]", "[CLS]", "[SEP]", *WORDS])
ENCODING = structures.Encoding(*np.zeros([2, 500], "int32"), np.zeros([500, 2], "int32"))
QUINTUPLES = np.zeros([50, 5], "int32")
COUNTS = metrics.ScoreCounts(1234567, 2345678, 3456789)
STATUSES = alignment.StatusCounts.none(SCHEMA)
EVALUATION = metrics.Evaluation(COUNTS, COUNTS, dict.fromkeys(WORDS, (COUNTS, COUNTS)))
MISTAKE = errors_by_cause.Mistake(
    7, LONG, next(iter(errors_by_cause.Cause)), TRIPLE, TRIPLE, TRIPLE
)
TEXTS = alignment.LabeledTexts([ENCODING] * 300, [QUINTUPLES] * 300, list(range(300)), STATUSES)
RECORD = {"epoch": 3, "f1": 0.5, "losses": list(range(300))}
EXTRACTOR = RelationExtractor(tiny_model(), TOKENIZER, Schema(SCHEMA.rows[:3]), 128, {"a": LONG})
ALIGNER = alignment.TripleAligner(TOKENIZER, SCHEMA)
TENSOR = tf.zeros([70, 30])
CALIBRATION = calibration.Calibration(
    1 / 3,
    dict.fromkeys(WORDS, 1 / 3),
    calibration.ProbabilityModel(1 / 3, 1 / 3, dict.fromkeys(WORDS, 1 / 3)),
    dict.fromkeys(WORDS, LONG),
)
COMPARED = {"variant": "casrel", "runs": [{"state": "not run yet"}], "blog_f1": None}
CURVE = calibration.ThresholdCounts(np.arange(30) / 10, *np.ones([2, 9, 30], int), np.ones(9, int))
RELIABILITY = calibration.Reliability(*np.ones([3, 10]))


def named_tuple(kind, **others):
    return kind(**{name: others.get(name, TENSOR) for name in kind._fields})


def without_graph(predictor):
    """Return a predictor of an export without its graph, which the repr does not show."""
    shown = object.__new__(predictor)
    shown.kind, shown.precision = "gplinker", "int8"
    return shown


def plan():
    texts = batching.TrainingBatches(TEXTS, models.CasRelTargets(49), 16, 1)
    options = training.TrainingOptions(recipe="blog")
    known = {"output": FOLDER, "options": options, "extractor": EXTRACTOR, "batches": texts}
    names = [field.name for field in fields(training.TrainingPlan) if field.init]
    return training.TrainingPlan(**{name: known.get(name) for name in names})


#: One large object of each public class.
LARGE = [
    SPAN,
    Mention(SPAN, SPAN, 1 / 3),
    alignment.TextWindows(),
    TRIPLE,
    Example(LONG, (TRIPLE,) * 1000),
    Extraction(LONG, (TRIPLE,) * 1000, True, True, 1000000),
    SCHEMA,
    InputError("too long"),
    ENCODING,
    EXTRACTOR,
    extraction.CompatibleTypes(frozenset((word, LONG) for word in WORDS)),
    TOKENIZER,
    tokenizers.Normalizer(lowercase=True),
    COUNTS,
    EVALUATION,
    metrics.RemovedCounts(1234567, 2345678),
    metrics.PROTOCOLS["exact"],
    metrics.ProtocolScores(metrics.PROTOCOLS["exact"], COUNTS, dict.fromkeys(WORDS, COUNTS)),
    MISTAKE,
    errors_by_cause.Disagreement(errors_by_cause.Reason.EXTRA, (MISTAKE,) * 300),
    TEXTS,
    STATUSES,
    alignment.AlignedText(LONG, ENCODING),
    ALIGNER.finder,
    alignment.StatusFinder(ALIGNER),
    ALIGNER,
    audit.Audit(
        300, 20, SCHEMA, STATUSES, EVALUATION, Counter(dict.fromkeys(audit.LabelNote, 9)), {}
    ),
    audit.PerfectScores(models.CasRelTargets(49), ALIGNER),
    CALIBRATION,
    CALIBRATION.probability,
    named_tuple(calibration.FoundTriples),
    RELIABILITY,
    named_tuple(calibration.ThresholdCounts),
    calibration.Tuning(CALIBRATION, CURVE, COUNTS, COUNTS, COUNTS, RELIABILITY),
    data.AnnotatedTexts(FOLDER, [1] * 1000, [Example(LONG, (TRIPLE,))] * 1000),
    data.Place(FOLDER, 7),
    data.ImportedTexts("Reading", [Example(LONG)] * 1000, [gplinker_tf.InputError(LONG)] * 1000),
    data.Record(data.Place(FOLDER, 7), 7, LONG, (TRIPLE,) * 1000),
    *data.FORMATS.values(),
    data.TextInput(__file__),
    data.OutputOptions(LONG, "http://" + LONG + "/"),
    data.ExtractionOutput(data.OUTPUT_FORMATS["csv"](), FOLDER),
    models.CasRelTargets(49),
    models.GPLinkerTargets(49),
    models.HandshakingTargets(49),
    data.DataFolder(FOLDER / "train.json", FOLDER / "dev.json", FOLDER / "all_50_schemas"),
    batching.TrainingBatches(TEXTS, models.GPLinkerTargets(49), 16, 1),
    *(family.config(21128, 768, 12, 12, 3072) for family in encoders.ENCODERS.values()),
    encoders.EncoderFolder(FOLDER, FOLDER, FOLDER),
    *(family.build(family.config(9, 4, 1, 1, 4)) for family in encoders.ENCODERS.values()),
    encoders.RandomSeeds(),
    *encoders.ENCODERS.values(),
    named_tuple(encoders.EncoderOutput),
    named_tuple(extraction.Prediction),
    EXTRACTOR.predictor,
    extraction.ExportManifest("onnx", "int8", "gplinker", 49, LONG, "1.0", dict.fromkeys(WORDS)),
    without_graph(extraction.OnnxPredictor),
    without_graph(extraction.LiteRTPredictor),
    named_tuple(layers.PointerFactors, start_bias=None),
    named_tuple(models.GPLinkerFactors),
    named_tuple(decoding.CandidatePairs),
    named_tuple(decoding.PairScores),
    named_tuple(decoding.TokenEntities),
    named_tuple(decoding.TokenTriples),
    decoding.DenseScores(TENSOR),
    decoding.FactoredScores(named_tuple(layers.PointerFactors)),
    decoding.TriangleScores(TENSOR, TENSOR, lambda logits: logits),
    *(kind.options() for kind in models.MODELS.values()),
    *models.MODELS.values(),
    distributed.ExtractionStage(FOLDER),
    distributed.WorkerExtractor(FOLDER),
    models.ModelOptions(),
    models.Rates(),
    visualization.show_triples(Extraction(LONG, (TRIPLE,))),
    comparison.TableResult({"rows": [COMPARED] * 300}, dict.fromkeys(WORDS, LONG)),
    runs.Checkpoint({"weight": np.zeros([500, 500])}, RECORD),
    service.ServiceOptions(),
    service.ServedRun(LONG, lambda: EXTRACTOR),
    training.TrainingOptions(),
    plan(),
    report.RunReport(LONG, 1000, EVALUATION, (MISTAKE,) * 1000, (RECORD,) * 300),
    training.TrainingResult(FOLDER, RECORD, [RECORD] * 300, interrupted=True),
    training.TrainingResult(FOLDER, None, [], interrupted=False),
]


def is_protocol(cls):
    return getattr(cls, "_is_protocol", False)


def ours(cls):
    """Return whether a class has objects and a repr of its own, not that of Keras or of an enum."""
    of_keras = hasattr(cls, "get_config") or issubclass(cls, keras.callbacks.Callback)
    return (
        not of_keras
        and not hasattr(cls, "__members__")
        and not inspect.isabstract(cls)
        and not is_protocol(cls)
    )


@pytest.mark.parametrize("large", LARGE, ids=lambda large: type(large).__name__)
def test_a_repr_is_short_and_shows_no_address(large):
    for shown in (repr(large), str(large)):
        assert len(shown) <= MOST and " at 0x" not in shown and "\n" not in shown
        assert shown.startswith(type(large).__name__) or isinstance(large, Exception)


def test_no_public_class_is_left_out():
    rooms = [gplinker_tf, *(importlib.import_module(f"gplinker_tf.{room}") for room in ROOMS)]
    public = [getattr(room, name) for room in rooms for name in room.__all__]
    classes = {value for value in public if inspect.isclass(value) and ours(value)}
    assert classes <= set(map(type, LARGE))
