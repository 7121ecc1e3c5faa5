"""Lexicons of one's own at run time: tables and channel files that extend a channel, or stand in its place.

A path is a source table (it is inflected and given prior weights), a compiled channel file such as the learn command
writes (its lines override those before it), or a lexicon folder (its channel file, or else its tables). They take
effect in their order.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b
from pathlib import Path

from normalizer.channel import FIRST_LINE, FORMAT, Channel, read_lines, read_overlay
from normalizer.errors import ConfigError, InputError, LexiconError
from normalizer.files import write_bytes
from normalizer.language_model import LanguageModel
from normalizer.lexicon.table import Row, parse_table, read_source

CHANNEL, MODEL = "channel.tsv", "news-3gram.klm"
"""The compiled channel and the language model of a lexicon folder."""

_VERSION = 1
"""Counts up when the same table would give other weights, so that older cache files are not used."""


def overlay(
    base: Channel, paths: Sequence[Path | str], model: LanguageModel, cache: Path | str | None = None
) -> dict[str, str]:
    """The channel lines that ``paths`` add to ``base`` or put in place of its own: surface -> the rest of the line.

    ``cache`` is a folder where compiled tables are kept, by content; nothing is written without one. A cache that
    cannot be written is done without. Raises ``LexiconError`` with file and line for anything malformed, ``ConfigError``
    for a path that does not exist.
    """
    lines: dict[str, str] = {}
    state = blake2b(f"{FORMAT}.{_VERSION}".encode(), digest_size=16)
    if any(_is_table(path) for source in paths for path in files_of(source)):
        for path in base.paths:
            state.update(blake2b(path.read_bytes()).digest())
    for source in paths:
        for path in files_of(source):
            if not _is_table(path):
                found = read_overlay(path)
                state.update(path.read_bytes())
            else:
                text = read_source(path)
                rows = checked(parse_table(text, str(path)).rows)
                state.update(text.encode())
                found = _compiled(base.extended(lines), rows, model, cache, state.hexdigest())
            lines.update(found)
    return lines


def files_of(path: Path | str) -> list[Path]:
    """The file of a path that names one; of a folder, its channel file, or else its tables.

    Raises ``ConfigError`` when there is none.
    """
    path = Path(path)
    if path.is_dir():
        if (path / CHANNEL).is_file():
            return [path / CHANNEL]
        tables = sorted([*path.glob("tables/*.tsv"), *path.glob("*.tsv")])
        if not tables:
            raise ConfigError(f"{path}: no lexicon; a lexicon folder has a {CHANNEL}, or tables (*.tsv)")
        return tables
    if not path.exists():
        raise ConfigError(f"{path}: no such lexicon; name a table, a channel file or a folder")
    return [path]


def checked(rows: Sequence[Row]) -> Sequence[Row]:
    """The rows of a table, if they can be used together.

    Raises ``LexiconError`` with file and line for a pair of equal wordings, and for a fingerprint that the same table
    calls canonical: clean prose cannot both have it and never have it.
    """
    canonicals = {row.canonical.casefold(): row.place for row in reversed(rows)}
    for row in rows:
        for variant, tier in zip(row.variants, row.tiers, strict=True):
            same = variant.text.casefold()
            if same == row.canonical.casefold():
                raise LexiconError(f"{row.place}: {variant.text!r} is a variant of itself; remove it")
            if tier == "fingerprint" and same in canonicals:
                raise LexiconError(
                    f"{row.place}: {variant.text!r} cannot be a fingerprint, which clean prose never has, because it is "
                    f"the canonical of {canonicals[same]}; take another tier, or remove one of the two"
                )
    return rows


def compile_rows(base: Channel, rows: Sequence[Row], model: LanguageModel) -> dict[str, str]:
    """The channel lines of a table's rows, merged with those that ``base`` has for the same surfaces."""
    from normalizer.lexicon.inflection import expand
    from normalizer.lexicon.merging import marks_of, merge, priors

    pairs = [pair for row in rows for pair in expand(row)]
    return merge(base, priors(pairs, base), marks_of(pairs), model)


def _compiled(
    base: Channel, rows: Sequence[Row], model: LanguageModel, cache: Path | str | None, name: str
) -> dict[str, str]:
    if cache is None:
        return compile_rows(base, rows, model)
    path = Path(cache) / f"{name}.tsv"
    try:
        return read_lines(path)
    except LexiconError:
        lines = compile_rows(base, rows, model)
    text = "\n".join([f"{FIRST_LINE} {FORMAT}", *(f"{surface}\t{line}" for surface, line in lines.items()), ""])
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_bytes(path, text.encode())
    except (OSError, InputError):
        pass  # the next run compiles again
    return lines


def _is_table(path: Path) -> bool:
    try:
        with path.open("rb") as stream:
            return not stream.read(len(FIRST_LINE)).startswith(FIRST_LINE.encode())
    except OSError as error:
        raise LexiconError(f"{path}: cannot be read ({(error.strerror or str(error)).lower()})") from error
