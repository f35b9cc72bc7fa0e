"""Makes docs/options.md of the fields of `TrainingOptions`: python tests/docs/make_options.py."""

from pathlib import Path

from gplinker_tf.option import default_in_words, flag_of
from gplinker_tf.training.options import known_options

PATH = Path(__file__).parents[2] / "docs" / "options.md"

OPENING = """# Training options

What `gplinker train` takes on the command line, a YAML file for `--config` (`batch_size: 16`) and
`TrainingOptions(batch_size=16)` alike. `auto` is left to the [recipe](training.md#recipes);
`none` switches an option off. In Python, the options of a model go into
`TrainingOptions(model=GPLinkerOptions(loss_form="multihot"))`, or `CasRelOptions` and so on, from
`gplinker_tf.models`.
"""


def page() -> str:
    """The page, options under their groups."""
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
