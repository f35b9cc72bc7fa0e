"""A teacher's run folder as the encoder folder of a student."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gplinker_tf.backend import keras
from gplinker_tf.encoders import EncoderFolder, encoder_from_config
from gplinker_tf.extraction import CONFIG, VOCABULARY, WEIGHTS, RelationExtractor


@dataclass(frozen=True, kw_only=True, repr=False)
class TeacherFolder(EncoderFolder):
    """The run folder of a teacher, for `prepare`.

    Args:
        student: the configuration of the student's encoder.

    Example, with a run folder that `gplinker train` wrote:

        teacher = RelationExtractor.load("run")
        TeacherFolder.of("run", teacher, student=teacher.encoder_config)
    """

    student: dict[str, Any]

    @classmethod
    def of(
        cls, run: str | Path, teacher: RelationExtractor, student: dict[str, Any]
    ) -> TeacherFolder:
        """Return the folder of a run.

        Args:
            run: the run folder.
            teacher: the extractor in the folder.
            student: the configuration of the student's encoder.
        """
        run = Path(run)
        return cls(
            config_path=run / CONFIG,
            vocab_path=run / VOCABULARY,
            checkpoint_path=run / WEIGHTS,
            lowercase=teacher.tokenizer.lowercase,
            student=student,
        )

    def config(self, num_layers: int | None = None) -> dict[str, Any]:
        return dict(self.student)

    def build(self, num_layers: int | None = None) -> keras.Model:
        return encoder_from_config(self.student)
