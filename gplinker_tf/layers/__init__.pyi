from .conditional_layer_normalization import (
    ConditionalLayerNormalization as ConditionalLayerNormalization,
)
from .efficient_global_pointer import EfficientGlobalPointer as EfficientGlobalPointer
from .global_pointer import GlobalPointer as GlobalPointer
from .handshaking_kernel import HandshakingKernel as HandshakingKernel
from .initializers import bert_initializer as bert_initializer
from .normalized import normalized as normalized
from .pointer_factors import PointerFactors as PointerFactors
from .pointer_factors import pointer_logits as pointer_logits
from .rotary import rotate as rotate
from .rotary import rotate_apart as rotate_apart
from .triangle import triangle_pairs as triangle_pairs
from .triangle import triangle_place as triangle_place
from .triangle import triangle_to_square as triangle_to_square
