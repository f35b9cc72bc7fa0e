"""Checks of annotated texts before training, reported in sentences."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from gplinker_tf.data.annotated_texts import AnnotatedTexts
from gplinker_tf.data.splitting import text_key
from gplinker_tf.errors import InputError
from gplinker_tf.structures import Example, Schema

#: The number of occurrences that a sentence names.
SHOWN = 3

#: The words of a triple: subject, predicate and object.
Words = tuple[str, str, str]


@dataclass
class Survey:
    """What the checks need to know about a file, collected in one pass.

    Args:
        path: the file.
        first: the first line and the triples of each text, by its `text_key`.
        lines_of: the lines of each predicate.
        contradicted: the first line of a text, and a line where it has other triples.
        empty: the lines with an empty text.
        spaced: words with whitespace around them, with their lines.
    """

    path: Path
    first: dict[str, tuple[int, tuple[Words, ...]]] = field(default_factory=dict)
    lines_of: dict[str, list[int]] = field(default_factory=dict)
    contradicted: dict[int, int] = field(default_factory=dict)
    empty: list[int] = field(default_factory=list)
    spaced: dict[tuple[str, int], None] = field(default_factory=dict)

    def add(self, number: int, example: Example) -> None:
        """Add the text on a line."""
        triples = tuple(triple.words for triple in example.triples)
        line, known = self.first.setdefault(text_key(example.text), (number, triples))
        if line != number and _keys(triples) != _keys(known):
            self.contradicted.setdefault(line, number)
        if not example.text.strip():
            self.empty.append(number)
        for predicate in {predicate for _, predicate, _ in triples}:
            self.lines_of.setdefault(predicate, []).append(number)
        for words in triples:
            for word in words:
                if word != word.strip():
                    self.spaced[word, number] = None

    def place(self, number: int) -> str:
        """Return `path:number`, as messages name a line."""
        return f"{self.path}:{number}"


def check_texts(train: AnnotatedTexts, dev: AnnotatedTexts) -> list[str]:
    """Find problems that will hurt a model or its scores.

    These are texts that occur in both train and dev, repeated texts with different triples,
    predicates with no or only one training text, predicates with nearly the same spelling, empty
    texts, and words with whitespace around them.

    Args:
        train: the training texts.
        dev: the dev texts.

    Returns:
        One sentence per kind of problem found, with its count and first occurrences.

    Raises:
        InputError: train or dev has no triples.

    Example:

    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "train.csv"
    >>> _ = path.write_text("text,subject,predicate,object\\nAda wrote Tin,Ada,wrote,Tin\\n")
    >>> texts = AnnotatedTexts.read(path)
    >>> [sentence.split(" (")[0] for sentence in check_texts(texts, texts)]
    ['Dev texts that also occur in train: 1 of 1', 'Predicates with only one training text: 1']
    """
    learned = _survey(train, "There is nothing to learn.")
    held_out = _survey(dev, "F1 would be 0 whatever the model finds.")
    found = [_shared(learned, held_out), _unlearnable(learned, held_out), _rare(learned)]
    found += [_alike(learned, held_out)]
    for survey in (learned, held_out):
        found += [_contradictions(survey), _empty(survey), _spaces(survey)]
    return [sentence for sentence in found if sentence]


def check_data(train: str | Path, dev: str | Path, schema: Schema | None = None) -> list[str]:
    """Run `check_texts` on two files.

    Args:
        train: the file of training texts.
        dev: the file of dev texts.
        schema: the allowed predicates, or `None` for any.

    Returns:
        One sentence per kind of problem found.

    Raises:
        InputError: a file can't be read or has no triples.

    Example:

    >>> import tempfile
    >>> train, dev = (Path(tempfile.mkdtemp()) / "texts.csv" for _ in range(2))
    >>> _ = train.write_text("text,subject,predicate,object\\nAda wrote Tin,Ada,wrote,Tin\\n")
    >>> _ = dev.write_text("text,subject,predicate,object\\nTin is by Ada,Tin,by,Ada\\n")
    >>> [sentence.split(" (")[0] for sentence in check_data(train, dev)]
    ['Predicates in dev that train lacks: 1', 'Predicates with only one training text: 1']
    """
    return check_texts(*(AnnotatedTexts.read(path, schema) for path in (train, dev)))


def _survey(texts: AnnotatedTexts, without_triples: str) -> Survey:
    survey = Survey(texts.path)
    for number, example in zip(texts.line_numbers, texts.examples, strict=True):
        survey.add(number, example)
    if not survey.lines_of:
        raise InputError(
            f"{texts.path}: expected triples. Received: none on the lines read. "
            f"{without_triples} Annotate some of them."
        )
    return survey


def _shared(learned: Survey, held_out: Survey) -> str:
    places = [
        f"{held_out.place(number)} equals {learned.place(learned.first[key][0])}"
        for key, (number, _) in held_out.first.items()
        if key in learned.first
    ]
    advice = "F1 will be too optimistic. gplinker split makes files that share no text."
    of_all = f" of {len(held_out.first):,}"
    return _sentence("Dev texts that also occur in train", places, advice, of_all)


def _unlearnable(learned: Survey, held_out: Survey) -> str:
    places = [
        f"{predicate} at {held_out.place(lines[0])}"
        for predicate, lines in held_out.lines_of.items()
        if predicate not in learned.lines_of
    ]
    advice = "No model can find them. Add training texts that have them."
    return _sentence("Predicates in dev that train lacks", places, advice)


def _rare(learned: Survey) -> str:
    places = [
        f"{predicate} at {learned.place(lines[0])}"
        for predicate, lines in learned.lines_of.items()
        if len(lines) == 1
    ]
    return _sentence("Predicates with only one training text", places, "Add more.")


def _alike(learned: Survey, held_out: Survey) -> str:
    """Describe predicates that were most likely meant to be the same."""
    spellings: dict[str, dict[str, str]] = {}
    for survey in (learned, held_out):
        for predicate, lines in survey.lines_of.items():
            key = "".join(filter(str.isalnum, predicate.casefold()))
            of_key = spellings.setdefault(key, {})
            of_key.setdefault(predicate.strip(), survey.place(lines[0]))
    places = [
        " and ".join(f"{predicate!r} at {place}" for predicate, place in found.items())
        for found in spellings.values()
        if len(found) > 1
    ]
    advice = "Each counts as a separate predicate. Use one spelling."
    return _sentence("Predicates that differ only in case, spaces or punctuation", places, advice)


def _contradictions(survey: Survey) -> str:
    places = [
        f"{survey.place(line)} and {survey.place(other)}"
        for line, other in survey.contradicted.items()
    ]
    advice = "List each text once, with all its triples."
    return _sentence("Repeated texts with different triples", places, advice)


def _empty(survey: Survey) -> str:
    return _sentence("Empty texts", [survey.place(n) for n in survey.empty], "Remove them.")


def _spaces(survey: Survey) -> str:
    places = [f"{word!r} at {survey.place(number)}" for word, number in survey.spaced]
    advice = (
        "They count as different words in exact match, and always as different predicates. "
        "Remove the whitespace."
    )
    return _sentence("Words with whitespace around them", places, advice)


def _keys(triples: Iterable[Words]) -> set[tuple[str, ...]]:
    return {tuple(map(text_key, words)) for words in triples}


def _sentence(what: str, places: Sequence[str], advice: str, of_all: str = "") -> str:
    """Return what was found, how often, where first, and what to do; "" if it does not occur."""
    if not places:
        return ""
    more = ", ..." if len(places) > SHOWN else ""
    shown = ", ".join(places[:SHOWN]) + more
    return f"{what}: {len(places):,}{of_all} ({shown}). {advice}"
