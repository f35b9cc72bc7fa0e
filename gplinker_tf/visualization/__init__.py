"""Pictures of triples, scores, graphs and training: SVG in HTML, without scripts or network."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
