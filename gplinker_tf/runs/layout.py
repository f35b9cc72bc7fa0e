"""What lies in a run folder, by name."""

from gplinker_tf.calibration import RELIABILITY, THRESHOLD_CURVE, THRESHOLD_PICTURE, THRESHOLDS
from gplinker_tf.extraction import CONFIG, VOCABULARY, WEIGHTS

RUN_CONFIG = "run.yaml"
HISTORY, CURVES, PREDICTIONS = "history.jsonl", "curves.png", "dev_pred.json"
CHECKPOINTS, LOCK = "checkpoints", ".lock"

#: What a teacher found in the texts that a student learns from.
TEACHER_LABELS = "teacher_labels"

#: What an epoch leaves, and what is measured of it.
RESULTS = (
    *(CONFIG, VOCABULARY, WEIGHTS, HISTORY, CURVES, PREDICTIONS),
    *(THRESHOLDS, THRESHOLD_CURVE, RELIABILITY, THRESHOLD_PICTURE),
)
