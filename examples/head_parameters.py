"""Count the parameters of the pointers: nearly 10 million, or 0.3 million, as in the blog.

    python examples/head_parameters.py
    python examples/head_parameters.py --hidden-size 1024 --predicates 200

It counts the weights of the three layers that `GPLinker` adds to an encoder, for either pointer.
"""

import argparse
import math

from gplinker_tf.layers import EfficientGlobalPointer, GlobalPointer

parser = argparse.ArgumentParser(
    description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
)
parser.add_argument("--hidden-size", type=int, default=768, help="hidden size; default: BERT base")
parser.add_argument("--predicates", type=int, default=49, help="predicate count; default: LIC2019")
parser.add_argument("--head-size", type=int, default=64, help="size of a query and a key")
arguments = parser.parse_args()


def parameters(pointer_class: type) -> int:
    """Count those of three pointers: for entities, and for heads and tails of each predicate."""
    total = 0
    for labels in (2, arguments.predicates, arguments.predicates):
        layer = pointer_class(labels, arguments.head_size)
        layer.build([None, None, arguments.hidden_size])
        total += sum(math.prod(weight.shape) for weight in layer.weights)
    return total


for pointer_class in (GlobalPointer, EfficientGlobalPointer):
    print(f"{pointer_class.__name__:24}{parameters(pointer_class):>12,}")
