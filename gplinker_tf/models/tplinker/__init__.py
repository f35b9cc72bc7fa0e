"""TPLinker and TPLinker-plus: tags for all token pairs."""
