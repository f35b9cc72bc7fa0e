"""The models by the names that options and configurations give them."""

from __future__ import annotations

from gplinker_tf.models.casrel import CasRel
from gplinker_tf.models.gplinker import GPLinker
from gplinker_tf.models.relation_model import RelationModel

MODELS: dict[str, type[RelationModel]] = {model.kind: model for model in (GPLinker, CasRel)}
