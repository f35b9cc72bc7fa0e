"""`python -m gplinker_tf` is `gplinker`."""

from gplinker_tf.cli.app import main

main()
