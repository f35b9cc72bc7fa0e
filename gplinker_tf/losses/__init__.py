"""Multi-label cross-entropy: dense, sparse and for token pairs. Exact, computed in float32."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
