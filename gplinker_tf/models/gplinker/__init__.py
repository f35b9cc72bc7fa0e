"""GPLinker: three pointers over token pairs."""
