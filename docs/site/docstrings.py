"""Formulas and code that a docstring indents, for Sphinx: literal blocks."""


def mark_literal_blocks(app, what, name, obj, options, lines: list[str]) -> None:
    """Put `::` before each block that is indented below a line that is not.

    Only a block after a blank line is one: what follows a section's name directly is its content.
    """
    marked: list[str] = []
    before = ""
    for number, line in enumerate(lines):
        if line.startswith("    ") and number and not lines[number - 1] and before[:1] != " ":
            marked += ["::", ""]
        if line:
            before = line
        marked.append(line)
    lines[:] = marked


def setup(app):
    app.connect("autodoc-process-docstring", mark_literal_blocks, priority=100)
    return {"parallel_read_safe": True}
