"""The compiled lexicon: from the tables and the learned weights to the channel file that the engine loads.

    python -m normalizer.lexicon.compile lexicons/en

The tables say which pairs there are, and their tiers and conditions; ``learned.tsv.xz`` has the weights that were
learned for pairs of earlier tables (``normalizer.learn.build`` writes it). A learned pair that is still in the tables
keeps its weights, a new pair gets prior weights (``normalizer.lexicon.merging``), a pair that has gone is dropped. The
channel is a function of the two and nothing else, and its second line holds the hash of the tables that it is for.
"""

from __future__ import annotations

import lzma
from collections.abc import Iterable, Iterator, Mapping
from hashlib import blake2b
from pathlib import Path

import click

from normalizer.channel import FIRST_LINE, FORMAT, Channel, Entry, format_line, parse_line
from normalizer.errors import LexiconError
from normalizer.files import write_bytes
from normalizer.language_model import LanguageModel
from normalizer.lexicon.inflection import Pair, expand
from normalizer.lexicon.merging import Marks, marked, marks_of, merge, ordered, priors
from normalizer.lexicon.sorted_lines import SORTED
from normalizer.lexicon.table import Row, read_table
from normalizer.resources import CHANNEL, MODEL

LEARNED = "learned.tsv.xz"
"""The file of learned weights in a lexicon folder: a channel file that holds every pair which the learning knew."""

LEAST_SHARE = 0.01
"""Learned pairs that explain less of a surface's occurrences are left out: an engine has a pair or it has not."""

LEAST_PROBABILITY = 2e-4
"""So are substitutions less likely than 1 in 5,000."""

LEAST_REPLACED = 0.02
"""A line without candidates is kept when its surface is replaced at least this often."""

_TABLES = "# tables: "
_ABOUT_FORMS = ("inflection.tsv", "dialect.tsv")


def table_files(folder: Path | str) -> list[Path]:
    """The table files of a lexicon folder, in order of name."""
    return sorted((Path(folder) / "tables").glob("*.tsv"))


def read_tables(folder: Path | str) -> Iterator[Row]:
    """The rows of all tables of a lexicon folder. Raises ``LexiconError`` when there are none, or one is malformed."""
    paths = table_files(folder)
    if not paths:
        raise LexiconError(f"{Path(folder) / 'tables'}: no tables (*.tsv) here; name a lexicon folder")
    for path in paths:
        yield from read_table(path)


def tables_hash(folder: Path | str) -> str:
    """The hash of the tables of a lexicon folder and of how they inflect: names and contents, whatever the line end."""
    digest = blake2b(digest_size=16)
    about_forms = [path for name in _ABOUT_FORMS if (path := Path(folder) / name).is_file()]
    for path in [*table_files(folder), *about_forms]:
        data = path.read_bytes().replace(b"\r\n", b"\n")
        digest.update(f"{path.name}\0{len(data)}\0".encode() + data)
    return digest.hexdigest()


def compiled_hash(channel: Path | str) -> str:
    """The hash of the tables that a channel file was compiled from; empty when it does not say."""
    try:
        with Path(channel).open(encoding="utf-8") as stream:
            for line in stream:
                if not line.startswith("#"):
                    break
                if line.startswith(_TABLES):
                    return line[len(_TABLES) :].strip()
    except OSError as error:
        raise LexiconError(f"{channel}: cannot be read ({error.strerror})") from error
    return ""


def check_compiled(folder: Path | str) -> None:
    """Raise ``LexiconError`` unless the channel of a lexicon folder belongs to its tables."""
    channel = Path(folder) / CHANNEL
    if compiled_hash(channel) != tables_hash(folder):
        raise LexiconError(
            f"{channel}: compiled from other tables than those in {Path(folder) / 'tables'}; "
            f"run: python -m normalizer.lexicon.compile {folder}"
        )


def compile_lines(pairs: Iterable[Pair], learned: Mapping[str, str], model: LanguageModel) -> list[str]:
    """The lines of a channel for ``pairs``, sorted by surface; ``learned`` holds the learned lines by surface.

    Raises ``LexiconError`` for a malformed learned line.
    """
    every = list(pairs)
    marks = marks_of(every)
    canonicals = {key for key, _ in marks}
    entries = {surface: _parsed(surface, line) for surface, line in learned.items()}
    judged = {(candidate.key, entry.surface) for entry in entries.values() for candidate in entry.candidates}
    kept = {surface: _kept(entry, canonicals, marks) for surface, entry in entries.items()}
    lines = {
        surface: format_line(entry)
        for surface, entry in kept.items()
        if entry.candidates or entry.replaced >= LEAST_REPLACED
    }
    base = Channel((), lines)
    new = [prior for prior in priors(every, base, half=False) if (prior.key, prior.surface) not in judged]
    lines.update(merge(base, new, marks, model, least_share=LEAST_SHARE, strange=0.0))
    return [line for _, line in sorted(lines.items())]


def compile_folder(folder: Path | str, output: Path | None = None) -> int:
    """Compile the channel of a lexicon folder (to ``output``, if given); returns the number of its lines.

    Raises ``LexiconError`` when the tables or the learned weights cannot be read; nothing is written then.
    """
    folder = Path(folder)
    learned = read_learned(folder / LEARNED)
    pairs = [pair for row in read_tables(folder) for pair in expand(row)]
    lines = compile_lines(pairs, learned, LanguageModel(folder / MODEL))
    header = [
        f"{FIRST_LINE} {FORMAT}",
        SORTED,
        f"{_TABLES}{tables_hash(folder)}",
        "# Compiled by python -m normalizer.lexicon.compile from the tables and the learned weights beside this file;",
        "# never edited by hand. The format: normalizer/channel.py",
    ]
    target = output or folder / CHANNEL
    write_bytes(target, "\n".join([*header, *lines, ""]).encode())
    return len(lines)


def read_learned(path: Path) -> dict[str, str]:
    """The lines of a file of learned weights: surface -> line. Raises ``LexiconError``."""
    try:
        text = lzma.decompress(path.read_bytes()).decode("utf-8")
    except OSError as error:
        raise LexiconError(
            f"{path}: cannot be read ({error.strerror}); python -m normalizer.learn.build makes it"
        ) from error
    except (lzma.LZMAError, UnicodeDecodeError) as error:
        raise LexiconError(f"{path}: not xz-compressed UTF-8 text ({error})") from error
    return {line.partition("\t")[0]: line for line in text.split("\n") if line and not line.startswith("#")}


def write_learned(path: Path, channel: Path) -> None:
    """Compress a channel file that holds all pairs, as ``read_learned`` reads it."""
    write_bytes(path, lzma.compress(channel.read_bytes(), preset=9))


def _parsed(surface: str, line: str) -> Entry:
    try:
        return parse_line(line)
    except ValueError as error:
        raise LexiconError(
            f"{LEARNED}: the line of {surface!r} is malformed ({error}); learn the weights again"
        ) from error


def _kept(entry: Entry, canonicals: set[str], marks: Marks) -> Entry:
    """What is left of a learned entry: pairs of the tables that explain enough, with their tiers and conditions."""
    surface = entry.surface
    there = [candidate for candidate in entry.candidates if (candidate.key, surface) in marks]
    explained = sum(candidate.share for candidate in entry.candidates)
    left = sum(candidate.share for candidate in there)
    candidates = [
        one
        for candidate in there
        if candidate.share >= LEAST_SHARE and candidate.probability >= LEAST_PROBABILITY
        for one in marked(candidate, surface, marks)
    ]
    gain = entry.gain if len(there) == len(entry.candidates) else entry.gain * left / explained
    replaced = entry.replaced if surface in canonicals else 0.0
    return Entry(surface, replaced, gain, entry.kept_share, ordered(candidates))


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--output", type=click.Path(path_type=Path), help="Channel file (default: FOLDER/channel.tsv).")
@click.option("--check", is_flag=True, help="Only tell whether the channel belongs to the tables.")
def main(folder: Path, output: Path | None, check: bool) -> None:
    """Compile the tables in FOLDER, with the weights learned before."""
    try:
        if check:
            check_compiled(folder)
        else:
            click.echo(f"{compile_folder(folder, output)} lines", err=True)
    except LexiconError as error:
        raise click.ClickException(str(error)) from error


if __name__ == "__main__":
    main()
