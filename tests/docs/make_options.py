"""Make docs/options.md from the fields of `TrainingOptions`: python tests/docs/make_options.py."""

from pathlib import Path

from gplinker_tf.option import default_in_words, flag_of
from gplinker_tf.training.options import known_options

PATH = Path(__file__).parents[2] / "docs" / "options.md"

OPENING = """# Training options

Set these options on the command line of `gplinker train`, in a YAML file for `--config`
(`batch_size: 16`), or in Python (`TrainingOptions(batch_size=16)`). With `auto`, the
[recipe](training.md#recipes) chooses; `none` turns an option off. In Python, model options go into
`TrainingOptions(model=GPLinkerOptions(loss_form="multihot"))`, or `CasRelOptions` and so on, from
`gplinker_tf.models`.
"""


def page() -> str:
    """Return the page, with the options by group."""
    groups: dict[str, list[str]] = {}
    for name, known in known_options().items():
        shown = f" (`{name}`)" if known.flag else ""
        groups.setdefault(known.group, []).append(
            f"| `{flag_of(name, known)}`{shown} | {default_in_words(known)} | {known.help} |"
        )
    tables = [
        "\n".join([f"## {group}\n", "| option | default | what it does |", "|---|---|---|", *rows])
        for group, rows in groups.items()
    ]
    return "\n\n".join([OPENING.strip(), *tables]) + "\n"


if __name__ == "__main__":
    PATH.write_text(page(), "utf-8")
