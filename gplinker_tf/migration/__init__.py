"""Migration of projects written for bert4keras: new imports, and a list of what cannot work."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
