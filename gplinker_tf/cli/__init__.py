"""The command line, `gplinker`."""
