"""`bert4keras.optimizers`: its optimizers, and functions that extend them in any order.

AdamLR = extend_with_piecewise_linear_lr(extend_with_weight_decay(Adam), name="AdamLR")
optimizer = AdamLR(learning_rate=1e-5, weight_decay_rate=0.01, lr_schedule={1000: 1})
"""

from __future__ import annotations

from typing import NoReturn

from gplinker_tf.bert4keras.names import missing
from gplinker_tf.bert4keras.optimizers.ada_factor import AdaFactor
from gplinker_tf.bert4keras.optimizers.adam import Adam
from gplinker_tf.bert4keras.optimizers.extending import export_to_custom_objects
from gplinker_tf.bert4keras.optimizers.gradient_accumulation import (
    extend_with_gradient_accumulation,
)
from gplinker_tf.bert4keras.optimizers.layer_adaptation import extend_with_layer_adaptation
from gplinker_tf.bert4keras.optimizers.lazy_optimization import extend_with_lazy_optimization
from gplinker_tf.bert4keras.optimizers.lion import Lion
from gplinker_tf.bert4keras.optimizers.lookahead import extend_with_lookahead
from gplinker_tf.bert4keras.optimizers.moving_average import (
    extend_with_exponential_moving_average,
)
from gplinker_tf.bert4keras.optimizers.parameter_wise_rate import extend_with_parameter_wise_lr
from gplinker_tf.bert4keras.optimizers.piecewise_linear_rate import (
    extend_with_piecewise_linear_lr,
)
from gplinker_tf.bert4keras.optimizers.weight_decay import extend_with_weight_decay

# bert4keras has two of each, for two versions of Keras; here one serves both.
AdaFactorV1 = AdaFactorV2 = AdaFactor
LionV2 = Lion
extend_with_exponential_moving_average_v2 = extend_with_exponential_moving_average
extend_with_gradient_accumulation_v2 = extend_with_gradient_accumulation
extend_with_layer_adaptation_v2 = extend_with_layer_adaptation
extend_with_lazy_optimization_v2 = extend_with_lazy_optimization
extend_with_lookahead_v2 = extend_with_lookahead
extend_with_parameter_wise_lr_v2 = extend_with_parameter_wise_lr
extend_with_piecewise_linear_lr_v2 = extend_with_piecewise_linear_lr
extend_with_weight_decay_v2 = extend_with_weight_decay

#: For `load_model(path, custom_objects=custom_objects)`.
custom_objects = {"Adam": Adam, "AdaFactor": AdaFactor}

__all__ = [
    "AdaFactor",
    "AdaFactorV1",
    "AdaFactorV2",
    "Adam",
    "Lion",
    "LionV2",
    "custom_objects",
    "export_to_custom_objects",
    "extend_with_exponential_moving_average",
    "extend_with_exponential_moving_average_v2",
    "extend_with_gradient_accumulation",
    "extend_with_gradient_accumulation_v2",
    "extend_with_layer_adaptation",
    "extend_with_layer_adaptation_v2",
    "extend_with_lazy_optimization",
    "extend_with_lazy_optimization_v2",
    "extend_with_lookahead",
    "extend_with_lookahead_v2",
    "extend_with_parameter_wise_lr",
    "extend_with_parameter_wise_lr_v2",
    "extend_with_piecewise_linear_lr",
    "extend_with_piecewise_linear_lr_v2",
    "extend_with_weight_decay",
    "extend_with_weight_decay_v2",
]


def __getattr__(name: str) -> NoReturn:
    missing(__name__, name)
