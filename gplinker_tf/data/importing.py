"""Import of annotated texts in any format: a summary of what was read, and a data folder."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from gplinker_tf._counted import counted
from gplinker_tf.data.folder import SCHEMA, SCHEMAS, present
from gplinker_tf.data.formats.readers import stream_examples
from gplinker_tf.data.formats.text_input import TextInput
from gplinker_tf.data.schemas import schema_from_data, write_schema
from gplinker_tf.data.splitting import split_file
from gplinker_tf.data.writers.json_lines import extraction_to_json
from gplinker_tf.errors import InputError
from gplinker_tf.structures import Example, Schema, Span, Triple

#: The number of predicates, types, triples and errors that a summary shows.
PREDICATES, TYPES, SAMPLES, ERRORS = 50, 20, 3, 3

#: The characters of context shown around a triple, and the longest passage shown between its ends.
AROUND, APART = 15, 100


@dataclass(frozen=True)
class ImportedTexts:
    """The texts of a file in any format, and the errors of the items that were skipped.

    Args:
        description: the file and its format, and how the format was recognized.
        examples: the texts with their triples.
        set_aside: the errors of the items that could not be read.

    Example:

    >>> import json, tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> row = {"text": "Ada wrote Tin", "triple_list": [["Ada", "wrote", "Tin"]]}
    >>> lines = [json.dumps(row | {"text": f"Ada wrote Tin {n}"}) for n in range(9)]
    >>> _ = (folder / "annotated.json").write_text("\\n".join([*lines, "{broken"]))
    >>> texts = ImportedTexts.read(folder / "annotated.json")
    >>> texts
    ImportedTexts(9 texts, 1 set aside)
    >>> print(*list(texts.summary())[1:4], sep="\\n")
    Texts: 9, the longest of 15 characters
    Triples: 9, of which 0% have offsets and 0% have types
    Predicates (1): wrote (9)
    >>> _ = texts.write(folder / "data", report=lambda line: None)
    >>> sorted(path.name for path in (folder / "data").iterdir())
    ['dev.jsonl', 'schema.jsonl', 'train.jsonl']
    """

    description: str
    examples: list[Example]
    set_aside: list[InputError]

    def __repr__(self) -> str:
        aside = f", {len(self.set_aside):,} set aside" if self.set_aside else ""
        return f"ImportedTexts({counted(len(self.examples), 'text')}{aside})"

    @classmethod
    def read(
        cls,
        path: str | Path,
        format: str | None = None,
        columns: Mapping[str, str] | None = None,
    ) -> ImportedTexts:
        """Read a file or folder, and skip items that cannot be read.

        Args:
            path: the file, plain or gzipped, or the folder if the format uses one.
            format: the name of one of `FORMATS`, instead of detection by name and content.
            columns: the names that a table uses for its columns: `{"text": "sentence"}`.

        Raises:
            InputError: the format is not known, or no item can be read.
        """
        errors: list[InputError] = []
        source = TextInput(path, format, errors.append, columns)
        try:
            examples = [example for _, example in stream_examples(source)]
        except InputError as error:
            if errors:
                raise InputError(f"{error}\nThe first of them: {errors[0]}") from error
            raise
        return cls(source.description, examples, errors)

    def summary(self) -> Iterator[str]:
        """Yield the lines of a summary of what was read."""
        triples = [triple for example in self.examples for triple in example.triples]
        yield self.description
        yield self._texts()
        yield (
            f"Triples: {len(triples):,}, of which {_share(triples, _has_offsets)} have offsets and "
            f"{_share(triples, _has_types)} have types"
        )
        yield _counts("Predicates", (triple.predicate for triple in triples), PREDICATES)
        types = (end.type for t in triples for end in (t.subject, t.object) if end.type)
        if shown := _counts("Types", types, TYPES):
            yield shown
        if unlinked := sum(len(example.unlinked) for example in self.examples):
            yield f"Entities in no triple: {unlinked:,}, kept but not used for training"
        for example, triple in self._samples():
            yield f"  ({', '.join(triple.words)}) in: {_around(example.text, triple)}"
        if self.set_aside:
            yield f"Set aside: {counted(len(self.set_aside), 'item')} that cannot be read"
            yield from (f"  {error}" for error in self.set_aside[:ERRORS])

    def write(
        self,
        output: str | Path,
        dev_share: float = 0.1,
        seed: int = 42,
        overwrite: bool = False,
        report: Callable[[str], None] = print,
    ) -> Schema:
        """Write `train.jsonl`, `dev.jsonl` and `schema.jsonl`, which `DataFolder` reads.

        Args:
            output: the folder to write to; created if it does not exist.
            dev_share: the share of the texts that go to dev, at least one text.
            seed: the seed of the random split.
            overwrite: replace the files of an earlier import.
            report: a function that is called with each line about the written files.

        Returns:
            The schema.

        Raises:
            InputError: as `split_file`; or there are no triples, or the folder has another schema.
        """
        output = Path(output)
        if not any(example.triples for example in self.examples):
            raise InputError(
                "Expected triples to learn from. Received: "
                f"{counted(len(self.examples), 'text')} without any. Annotate some of them."
            )
        others = [path for path in present(output, SCHEMAS) if path.name != SCHEMA or not overwrite]
        if others:
            raise InputError(
                f"Expected a folder without a schema. Received: {output}, which contains "
                f"{others[0].name}. Name another folder, or move the schema away."
            )
        with TemporaryDirectory() as folder:
            annotated = Path(folder) / "annotated.jsonl"
            lines = (extraction_to_json(example.as_extraction()) for example in self.examples)
            annotated.write_text("".join(f"{line}\n" for line in lines), "utf-8")
            targets = split_file(annotated, output, dev_share, seed, overwrite, report)
        schema = schema_from_data(targets)
        write_schema(output / SCHEMA, schema)
        report(f"{output / SCHEMA}: {counted(len(schema.predicates), 'predicate')}")
        return schema

    def _texts(self) -> str:
        empty = sum(not example.triples for example in self.examples)
        longest = max(len(example.text) for example in self.examples)
        without = f", {empty:,} without triples" if empty else ""
        return f"Texts: {len(self.examples):,}{without}, the longest of {longest:,} characters"

    def _samples(self) -> list[tuple[Example, Triple]]:
        """Return the first triples with different predicates, each with its text."""
        found: dict[str, tuple[Example, Triple]] = {}
        for example in self.examples:
            for triple in example.triples:
                found.setdefault(triple.predicate, (example, triple))
                if len(found) == SAMPLES:
                    return list(found.values())
        return list(found.values())


def _has_offsets(triple: Triple) -> bool:
    return triple.subject.start is not None and triple.object.start is not None


def _has_types(triple: Triple) -> bool:
    return bool(triple.subject.type and triple.object.type)


def _share(triples: list[Triple], holds: Callable[[Triple], bool]) -> str:
    return f"{sum(map(holds, triples)) / max(1, len(triples)):.0%}"


def _counts(what: str, words: Iterator[str], most: int) -> str:
    """Return a line that counts the words, the most frequent first; "" if there are none."""
    counts = Counter(words)
    shown = [f"{word} ({count:,})" for word, count in counts.most_common(most)]
    shown += ["..."] if len(counts) > most else []
    return f"{what} ({len(counts):,}): {', '.join(shown)}" if counts else ""


def _around(text: str, triple: Triple) -> str:
    """Return the passage of a text that contains both ends of a triple, or else its beginning."""
    places = [_place(text, end) for end in (triple.subject, triple.object)]
    first, behind = min(start for start, _ in places), max(end for _, end in places)
    if first < 0 or behind - first > APART:
        first, behind = 0, min(len(text), APART)
    start, end = max(0, first - AROUND), min(len(text), behind + AROUND)
    shown = " ".join(text[start:end].split())
    return f"{'...' * (start > 0)}{shown}{'...' * (end < len(text))}"


def _place(text: str, span: Span) -> tuple[int, int]:
    start = text.find(span.text) if span.start is None else span.start
    return start, start + len(span.text)
