"""Entry point for `python -m gplinker_tf`, which is the same as `gplinker`."""

from gplinker_tf.cli.app import main

main()
