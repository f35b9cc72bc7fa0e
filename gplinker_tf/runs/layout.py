"""Names of the files in a run folder."""

from gplinker_tf.calibration import RELIABILITY, THRESHOLD_CURVE, THRESHOLD_PICTURE, THRESHOLDS
from gplinker_tf.extraction import CONFIG, VOCABULARY, WEIGHTS

RUN_CONFIG = "run.yaml"
HISTORY, CURVES, PREDICTIONS = "history.jsonl", "curves.png", "dev_pred.json"
CHECKPOINTS, LOCK = "checkpoints", ".lock"

#: What a teacher found in the texts that its student learns from.
TEACHER_LABELS = "teacher_labels"

#: Files written after an epoch, and files written by tuning.
RESULTS = (
    *(CONFIG, VOCABULARY, WEIGHTS, HISTORY, CURVES, PREDICTIONS),
    *(THRESHOLDS, THRESHOLD_CURVE, RELIABILITY, THRESHOLD_PICTURE),
)
