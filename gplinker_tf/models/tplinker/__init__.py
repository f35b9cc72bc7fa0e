"""TPLinker and TPLinker-plus: tags on all token pairs."""
