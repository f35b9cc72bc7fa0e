from .distilling import distill as distill
from .distilling import prepare_distillation as prepare_distillation
from .layers import keep_layers as keep_layers
from .layers import spread_layers as spread_layers
from .shrinking import shrink as shrink
from .vocabulary import cut_vocabulary as cut_vocabulary
