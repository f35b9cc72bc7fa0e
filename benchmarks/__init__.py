"""Speed and memory beside bert4keras, bert4torch, transformers: `python -m benchmarks --help`."""
