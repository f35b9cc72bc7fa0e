"""The texts that runs are judged by, which training has not seen, nor the choice of an epoch."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gplinker_tf import RelationExtractor
from gplinker_tf._atomic_write import whole_file
from gplinker_tf.data import read_examples
from gplinker_tf.errors import InputError
from gplinker_tf.metrics import evaluate_triples
from gplinker_tf.runs import sha256_of, write_predictions
from gplinker_tf.training.epoch_evaluation import scores_of

TEST_PREDICTIONS, TEST_SCORES = "test_pred.json", "test.json"


@dataclass(frozen=True)
class FinalTest:
    """A file of annotated texts, known by its content.

    Args:
        path: the file.
        sha256: of its bytes.
    """

    path: str
    sha256: str

    @classmethod
    def open(cls, path: str | Path) -> FinalTest:
        """Looks at a file.

        Raises:
            InputError: there is no such file.
        """
        if not Path(path).is_file():
            raise InputError(f"No such file: test={str(path)!r}.")
        return cls(str(Path(path).resolve()), sha256_of(Path(path)))

    def scores(self, run: Path) -> dict[str, Any] | None:
        """What the model in a run folder was judged to be, or `None` where it was not yet.

        Args:
            run: the run folder.
        """
        path = run / TEST_SCORES
        try:
            scores = json.loads(path.read_text("utf-8"))
            return scores if scores["sha256"] == self.sha256 else None
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def judge(self, run: Path) -> None:
        """Evaluates the model in a run folder and writes what it found there.

        Args:
            run: the run folder.

        Raises:
            InputError: a line of the file can't be read.
        """
        extractor = RelationExtractor.load(run)
        examples = read_examples(self.path, extractor.schema)
        extractions = extractor([example.text for example in examples])
        tokenize = extractor.tokenizer.tokenize
        write_predictions(run / TEST_PREDICTIONS, examples, extractions, tokenize)
        scores = scores_of(evaluate_triples(examples, extractions, tokenize))
        with whole_file(run / TEST_SCORES) as unfinished:
            unfinished.write_text(json.dumps({"sha256": self.sha256, **scores}, indent=1), "utf-8")
