"""The models by the names that options and configurations give them."""

from __future__ import annotations

from gplinker_tf.models.casrel import CasRel
from gplinker_tf.models.gplinker import GPLinker
from gplinker_tf.models.relation_model import RelationModel
from gplinker_tf.models.tplinker import TPLinker
from gplinker_tf.models.tplinker_plus import TPLinkerPlus

MODELS: dict[str, type[RelationModel]] = {
    model.kind: model for model in (GPLinker, CasRel, TPLinker, TPLinkerPlus)
}
