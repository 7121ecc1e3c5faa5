"""Importing: pairs from the files of other tools, as rows of a table, with a report of what was taken and what not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

from normalizer.channel import FIRST_LINE
from normalizer.errors import ConfigError, InputError, LexiconError
from normalizer.lexicon.formats.records import Format, Found, Options, Refused
from normalizer.lexicon.table import (
    LARGEST,
    Condition,
    Defaults,
    PartOfSpeech,
    Row,
    Table,
    Tier,
    Variant,
    format_row,
    format_table,
    parse_table,
)

FORMATS: Mapping[str, str] = {
    "table": "normalizer.lexicon.formats.own",
    "csv": "normalizer.lexicon.formats.columns",
    "vale": "normalizer.lexicon.formats.vale",
    "codespell": "normalizer.lexicon.formats.codespell",
    "languagetool": "normalizer.lexicon.formats.languagetool",
    "spintax": "normalizer.lexicon.formats.spintax",
    "spinner": "normalizer.lexicon.formats.spinner",
    "typos": "normalizer.lexicon.formats.typos",
}
"""The formats, in the order in which they are tried."""


class Given(NamedTuple):
    """What the person who imports says of the pairs, where the file does not: part of speech, tier, domain, source."""

    part_of_speech: PartOfSpeech = "x"
    tier: Tier = "spun"
    domain: str = ""
    source: str = ""
    columns: Mapping[str, str] = {}


class Report(NamedTuple):
    """What became of one file: its format and encoding, and the numbers of pairs.

    ``taken``: new pairs. ``merged``: pairs that were there already, from this file or one before.
    """

    name: str
    form: str
    encoding: str
    taken: int
    merged: int
    refused: tuple[Refused, ...]


class Imported(NamedTuple):
    """The rows, sorted, and a report for each file."""

    rows: tuple[Row, ...]
    reports: tuple[Report, ...]

    def table(self, given: Given = Given()) -> str:  # noqa: B008 - immutable
        """The text of the table."""
        defaults = Defaults(given.domain, given.tier, given.source)
        return format_table(Table(self.rows, defaults))


def import_files(paths: Iterable[Path | str], form: str = "auto", given: Given = Given()) -> Imported:  # noqa: B008
    """Read the pairs of files of other tools; ``form`` is one of ``FORMATS``, or ``auto``.

    A canonical has one row, with the variants in the order in which they come. Raises ``InputError`` when a file cannot
    be read, ``ConfigError`` for an unknown format or column.
    """
    merger = _Merger(given)
    reports = []
    for path in paths:
        text, encoding = decode(read_bytes(Path(path)), str(path))
        name = recognise(text, str(path)) if form == "auto" else form
        refused: list[Refused] = []
        merger.taken = merger.merged = 0
        for item in format_named(name).read(text, Options(given.columns)):
            reason = item if isinstance(item, Refused) else merger.add(item, f"{path}:{item.line}")
            if reason is not None:
                refused.append(reason)
        reports.append(Report(str(path), name, encoding, merger.taken, merger.merged, tuple(refused)))
    return Imported(tuple(merger.rows()), tuple(reports))


def format_named(name: str) -> Format:
    """The module of a format. Raises ``ConfigError`` for an unknown name."""
    if name not in FORMATS:
        raise ConfigError(f"{name!r} is no format; there are {', '.join(FORMATS)}, and auto")
    module: Format = import_module(FORMATS[name])
    return module


def recognise(text: str, name: str = "file") -> str:
    """The format of a text, by what it looks like. Raises ``InputError`` when it looks like none.

    >>> recognise("war|warfare|conflict"), recognise("abandonned->abandoned"), recognise("teh,the")
    ('spinner', 'codespell', 'typos')
    """
    if text.startswith(FIRST_LINE):
        raise InputError(f"{name}: a compiled channel file; use it as it is, with --lexicon")
    for form in FORMATS:
        if format_named(form).looks_like(text):
            return form
    raise InputError(f"{name}: looks like none of {', '.join(FORMATS)}; name its format instead of auto")


def read_bytes(path: Path) -> bytes:
    """The bytes of a file of at most ``LARGEST``. Raises ``InputError``; a larger file is not read."""
    try:
        size = path.stat().st_size
        if size <= LARGEST:
            return path.read_bytes()
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({(error.strerror or str(error)).lower()})") from error
    raise InputError(
        f"{path}: {size / 2**20:,.0f} MiB, more than the {LARGEST // 2**20} MiB that a table may have; is this the "
        "right file? If so, split it"
    )


def decode(data: bytes, name: str = "file") -> tuple[str, str]:
    r"""Text and encoding: UTF-8, UTF-16 where a byte order mark says so, otherwise Windows-1252.

    Raises ``InputError`` for bytes that are no text.

    >>> decode("café".encode("utf-16")), decode(b"caf\xe9")
    (('café', 'utf-16'), ('café', 'cp1252'))
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16"
    else:
        if 0 in data:
            raise InputError(f"{name}:{data[: data.find(0)].count(10) + 1}: binary, not text (a NUL byte)")
        encoding = "utf-8-sig"
    try:
        return data.decode(encoding), encoding.removesuffix("-sig")
    except UnicodeDecodeError as error:
        if encoding == "utf-16":
            raise InputError(f"{name}: not valid UTF-16 at byte {error.start}; convert it to UTF-8") from error
    try:
        return data.decode("cp1252"), "cp1252"
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise InputError(f"{name}:{line}: neither UTF-8 nor Windows-1252; convert it to UTF-8") from error


class _Merger:
    """Rows by canonical, part of speech and condition; counts what it takes."""

    def __init__(self, given: Given) -> None:
        self.given = given
        self.taken = self.merged = 0
        self._variants: dict[tuple[str, PartOfSpeech, Condition], dict[str, Found]] = {}

    def add(self, found: Found, place: str) -> Refused | None:
        """Take a pair, or tell why not."""
        found = found._replace(canonical=" ".join(found.canonical.split()), variant=" ".join(found.variant.split()))
        shown = f"{found.canonical} -> {found.variant}"
        if found.canonical.casefold() == found.variant.casefold():
            return Refused(found.line, "the same wording on both sides", shown)
        part = found.part_of_speech or self.given.part_of_speech
        row = Row(
            found.canonical, part, (Variant(found.variant, found.weight),), condition=found.condition, place=place
        )
        try:
            parse_table(format_row(row._replace(note=found.note, source=found.source)))
        except LexiconError as error:
            return Refused(found.line, str(error).removeprefix(f"{place}: ").removeprefix("table:1: "), shown)
        found = found._replace(tier=found.tier or self.given.tier)
        variants = self._variants.setdefault(row.key[1:], {})
        known = variants.get(found.variant)
        if known is None:
            self.taken += 1
            variants[found.variant] = found
        elif (known.tier, known.weight) == (found.tier, found.weight):
            self.merged += 1
        else:
            return Refused(found.line, f"contradicts line {known.line}, which has other marks for the pair", shown)
        return None

    def rows(self) -> Iterator[Row]:
        """The rows, sorted."""
        rows = []
        for (canonical, part, condition), variants in self._variants.items():
            tiers = {found.tier or self.given.tier for found in variants.values()}
            tier = tiers.pop() if len(tiers) == 1 else self.given.tier
            rows.append(
                Row(
                    canonical,
                    part,
                    tuple(_variant(found, tier) for found in variants.values()),
                    tier,
                    condition,
                    _joined(found.note for found in variants.values()),
                    _joined(found.source for found in variants.values()) or self.given.source,
                    self.given.domain,
                )
            )
        yield from sorted(rows, key=lambda row: row.key)


def _variant(found: Found, tier: Tier) -> Variant:
    return Variant(found.variant, found.weight, found.tier if found.tier != tier else None)


def _joined(texts: Iterable[str]) -> str:
    return "; ".join(dict.fromkeys(text for text in texts if text))


def summary(reports: Sequence[Report], most: int = 20) -> Iterator[str]:
    """Reports as lines for people; ``most`` refusals of each file are listed."""
    for report in reports:
        yield (
            f"{report.name}: {report.form}, {report.encoding}: {report.taken} pairs taken, {report.merged} merged, "
            f"{len(report.refused)} refused"
        )
        if report.encoding == "cp1252":
            yield f"{report.name}: not UTF-8; read as Windows-1252 (cp1252), so look at its accents and quotes"
        for line, reason, text in report.refused[:most]:
            yield f"{report.name}:{line}: refused: {reason}: {text if len(text) <= 60 else text[:59] + '…'}"
        if len(report.refused) > most:
            yield f"{report.name}: {len(report.refused) - most} more refused"
