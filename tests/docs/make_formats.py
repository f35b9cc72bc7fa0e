"""Update the table of formats in docs/data.md: python tests/docs/make_formats.py."""

from pathlib import Path

from gplinker_tf.data import FORMATS

PATH = Path(__file__).parents[2] / "docs" / "data.md"

BEGIN, END = "<!-- formats: tests/docs/make_formats.py -->\n", "<!-- end of formats -->"


def table() -> str:
    """Return the table, with one row per format."""
    rows = ["| format | what it is | suffixes | offsets | types | entities | what it looks like |"]
    rows += ["|---|---|---|---|---|---|---|"]
    for kind in FORMATS.values():
        suffixes = ", ".join(f"`{suffix}`" for suffix in kind.suffixes)
        can = (kind.has_offsets, kind.has_types, kind.has_entities)
        carried = ("yes" if has else "no" for has in can)
        shown = kind.looks_like.replace("|", "\\|")
        rows.append(
            f"| `{kind.name}` | {kind.title} | {suffixes} | {' | '.join(carried)} | `{shown}` |"
        )
    return "\n".join(rows) + "\n"


def page() -> str:
    """Return the page with an up-to-date table."""
    before, rest = PATH.read_text("utf-8").split(BEGIN)
    return f"{before}{BEGIN}{table()}{END}{rest.split(END)[1]}"


if __name__ == "__main__":
    PATH.write_text(page(), "utf-8")
