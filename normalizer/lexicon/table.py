r"""Substitution tables: the source of the lexicon, plain text for people and diffs.

A line is ``canonical <TAB> part of speech <TAB> variant|variant|… [<TAB> key=value]…``, variants most likely first.
Parts of speech: ``n`` (plural forms follow), ``v`` (inflected forms follow; a multi-word variant inflects its first
word), ``adj`` (comparative and superlative follow), ``adv``, and ``x`` for a fixed form. A variant may end in marks in
braces, a tier and a relative weight: ``safety ensures {fingerprint}``, ``brief {context 0.3}``. Attributes say when an
entry holds and where it comes from. Lines that start with ``#`` are comments; ``#! key: value`` before the first entry
sets a default for the entries of the file. The whole format, with examples: ``docs/lexicons.md``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from math import isfinite
from pathlib import Path
from typing import Literal, NamedTuple, get_args

from normalizer.errors import LexiconError

PartOfSpeech = Literal["n", "v", "adj", "adv", "x"]

Tier = Literal["fingerprint", "spun", "context", "report"]
"""How far a pair may be trusted, from the surest tier to the least sure one.

``fingerprint``: clean prose never has the surface. ``spun``: repaired in spun text. ``context``: repaired in spun text,
but never in the safe tier of edits. ``report``: only ever shown as a suggestion.
"""

PARTS_OF_SPEECH: tuple[PartOfSpeech, ...] = get_args(PartOfSpeech)
TIERS: tuple[Tier, ...] = get_args(Tier)

LARGEST = 64 * 2**20
"""The most bytes that a table may have (64 MiB; the shipped tables have 1 MB). Larger files are not read."""


class Variant(NamedTuple):
    """What a spinner writes for a canonical wording; ``None`` leaves the weight to the rank, the tier to the entry."""

    text: str
    weight: float | None = None
    tier: Tier | None = None


class Condition(NamedTuple):
    """Where an entry holds; an empty tuple restricts nothing.

    ``next`` and ``previous``: the word after or before the variant is one of these. ``with_`` and ``without``: the
    document has one, or none, of these words or phrases.
    """

    next: tuple[str, ...] = ()
    previous: tuple[str, ...] = ()
    with_: tuple[str, ...] = ()
    without: tuple[str, ...] = ()


class Row(NamedTuple):
    """One entry of a table: a canonical wording and what spinners write for it. ``place`` is ``file:line``."""

    canonical: str
    part_of_speech: PartOfSpeech
    variants: tuple[Variant, ...]
    tier: Tier = "spun"
    condition: Condition = Condition()
    note: str = ""
    source: str = ""
    domain: str = ""
    place: str = ""

    @property
    def weights(self) -> tuple[float, ...]:
        r"""The relative weight of every variant: its own, or 1/(rank + 1).

        >>> parse_row("war\tn\twarfare|conflict {0.3}|fight").weights
        (1.0, 0.3, 0.3333333333333333)
        """
        return tuple(
            1.0 / (rank + 1) if variant.weight is None else variant.weight for rank, variant in enumerate(self.variants)
        )

    @property
    def tiers(self) -> tuple[Tier, ...]:
        """The tier of every variant: its own, or that of the entry."""
        return tuple(variant.tier or self.tier for variant in self.variants)

    @property
    def key(self) -> tuple[str, str, PartOfSpeech, Condition]:
        """What there is one entry of in a file, and the order of the entries."""
        return self.canonical.casefold(), self.canonical, self.part_of_speech, self.condition


class Defaults(NamedTuple):
    """What the ``#! key: value`` lines of a file set for its entries."""

    domain: str = ""
    tier: Tier = "spun"
    source: str = ""
    note: str = ""


class Table(NamedTuple):
    """A table file: the rows, and all that is needed to write it again.

    ``lines`` and ``comments`` hold the line of each row and the comment lines above it. Comments at the top of the
    file, up to the first empty line or default, are in ``head``, those below the last row in ``tail``.
    """

    rows: tuple[Row, ...]
    defaults: Defaults = Defaults()
    head: tuple[str, ...] = ()
    comments: tuple[tuple[str, ...], ...] = ()
    tail: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()


def read_table(path: Path | str) -> Iterator[Row]:
    """The rows of a table file; the file is checked whole before the first row is given.

    Raises ``LexiconError`` with file and line for anything that is not a row, for a pair that stands twice with
    different marks, for a file that is not UTF-8 text, and for one of more than ``LARGEST`` bytes.
    """
    return iter(load_table(path).rows)


def load_table(path: Path | str) -> Table:
    """A table file with its comments and defaults. Raises ``LexiconError`` like ``read_table``."""
    return parse_table(read_source(path), str(path))


def read_source(path: Path | str) -> str:
    """The text of a file that belongs to the lexicon; no more than ``LARGEST`` bytes of UTF-8.

    Raises ``LexiconError`` when it cannot be read, is too large or not UTF-8.
    """
    path = Path(path)
    try:
        size = path.stat().st_size
        if size <= LARGEST:
            with path.open("rb") as stream:
                data = stream.read(LARGEST + 1)
            size = max(size, len(data))
    except OSError as error:
        raise LexiconError(f"{path}: cannot be read ({error.strerror}); name a table that exists") from error
    if size > LARGEST:
        raise LexiconError(
            f"{path}: {size / 2**20:,.0f} MiB, more than the {LARGEST // 2**20} MiB that a table may have; "
            "is this the right file? If so, split it"
        )
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise LexiconError(
            f"{path}:{line}: not UTF-8 (byte 0x{data[error.start]:02x} at offset {error.start}); "
            "save the table as UTF-8"
        ) from error


def parse_table(text: str, name: str = "table") -> Table:
    r"""Parse the text of a table file; ``name`` names it in messages, and its stem is the domain unless it sets one.

    Raises ``LexiconError`` with ``name`` and line.

    >>> parse_table("#! tier: context\nwar\tn\tfight\n", "news.tsv").rows[0].tier
    'context'
    """
    rows: list[Row] = []
    lines: list[str] = []
    head: list[str] = []
    above: list[str] = []
    comments: list[tuple[str, ...]] = []
    set_here: dict[str, str] = {}
    defaults = Defaults()
    pairs: dict[tuple[str, str, Condition, str], tuple[float | None, Tier, str]] = {}
    for number, raw in enumerate(text.split("\n"), 1):
        line, place = raw.rstrip("\r"), f"{name}:{number}"
        if line.startswith("#!"):
            if rows:
                raise LexiconError(f"{place}: a default after the first entry; move it to the top of the file")
            defaults = _default(line, place, defaults, set_here)
            head, above = [*head, *above], []
        elif line.startswith("#"):
            above.append(line)
        elif line.strip():
            row = parse_row(line, place, defaults._replace(domain=defaults.domain or Path(name).stem))
            _compare(row, pairs)
            rows.append(row)
            lines.append(line)
            comments.append(tuple(above))
            above = []
        elif not rows:
            head, above = [*head, *above], []
    return Table(tuple(rows), defaults, tuple(head), tuple(comments), tuple(above), tuple(lines))


def parse_row(line: str, place: str = "line", defaults: Defaults = Defaults()) -> Row:  # noqa: B008 - immutable
    r"""Parse one row; ``place`` names it in error messages, ``defaults`` fill in what the row does not say.

    Raises ``LexiconError``.

    >>> row = parse_row("war\tn\twarfare|conflict {context 0.3}\tnext=crimes")
    >>> row.variants
    (Variant(text='warfare', weight=None, tier=None), Variant(text='conflict', weight=0.3, tier='context'))
    >>> row.condition.next
    ('crimes',)
    """
    fields = [field.strip() for field in line.split("\t")]
    if len(fields) < 3:
        raise LexiconError(
            f"{place}: {len(fields)} column(s) where at least 3 belong (canonical, part of speech, variants), "
            "separated by tabs"
        )
    canonical, part, joined = fields[:3]
    if part not in PARTS_OF_SPEECH:
        raise LexiconError(f"{place}: {part!r} is no part of speech; use one of {', '.join(PARTS_OF_SPEECH)}")
    _check_text(canonical, place)
    variants = tuple(_variant(variant.strip(), place) for variant in joined.split("|"))
    values = _attributes(fields[3:], place)
    condition = Condition(*(_list(values, key, place) for key in ("next", "previous", "with", "without")))
    if both := set(condition.with_) & set(condition.without):
        raise LexiconError(f"{place}: {min(both)!r} is in both with= and without=, so the entry could never hold")
    tier = _tier(values["tier"], place) if "tier" in values else defaults.tier
    note, source = values.get("note", defaults.note), values.get("source", defaults.source)
    return Row(canonical, part, variants, tier, condition, note, source, defaults.domain, place)


def format_row(row: Row, defaults: Defaults = Defaults()) -> str:  # noqa: B008 - immutable
    r"""A row in its canonical form, without what ``defaults`` say already and without a line end.

    Raises ``LexiconError`` for a row that the format has no room for, such as a tab or a brace in a wording.

    >>> format_row(parse_row("war \tn\tfight { 0.30 context }| conflict \tnote=as in \tnext=b,a"))
    'war\tn\tfight {context 0.3}|conflict\tnext=a,b\tnote=as in'
    """
    place = row.place or f"entry {row.canonical!r}"
    _check_text(row.canonical, place)
    if row.canonical.startswith("#"):
        raise LexiconError(f"{place}: {row.canonical!r} starts with '#', which makes its line a comment")
    variants = []
    for variant in row.variants:
        _check_text(variant.text, place)
        marks = " ".join(
            [
                *([variant.tier] if variant.tier else []),
                *([f"{variant.weight:g}"] if variant.weight is not None else []),
            ]
        )
        variants.append(f"{variant.text} {{{marks}}}" if marks else variant.text)
    attributes = {
        "tier": row.tier if row.tier != defaults.tier else "",
        "next": ",".join(row.condition.next),
        "previous": ",".join(row.condition.previous),
        "with": ",".join(row.condition.with_),
        "without": ",".join(row.condition.without),
        "note": row.note if row.note != defaults.note else "",
        "source": row.source if row.source != defaults.source else "",
    }
    for key, value in attributes.items():
        if _CONTROL.search(value):
            raise LexiconError(f"{place}: a tab or control character in {key}=")
    given = [f"{key}={value}" for key, value in attributes.items() if value]
    return "\t".join([row.canonical, row.part_of_speech, "|".join(variants), *given])


def format_table(table: Table) -> str:
    r"""A table file in its canonical form: rows sorted, comments kept with the row below them.

    >>> format_table(parse_table("#! tier: report\n\nb\tx\tc\n# on a\na\tx\td\n"))
    '#! tier: report\n\n# on a\na\tx\td\nb\tx\tc\n'
    """
    lines = list(table.head)
    for key, value in table.defaults._asdict().items():
        if value != Defaults._field_defaults[key]:
            lines.append(f"#! {key}: {value}")
    if lines:
        lines.append("")
    order = sorted(range(len(table.rows)), key=lambda index: (table.rows[index].key, index))
    for index in order:
        if table.comments:
            lines += table.comments[index]
        lines.append(format_row(table.rows[index], table.defaults))
    lines += table.tail
    return "\n".join([*lines, ""]) if lines else ""


_CONTROL = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]")
_MARKS = re.compile(r"(?P<text>[^{}]*?)\s*\{(?P<marks>[^{}]*)\}")
_ATTRIBUTES = ("tier", "next", "previous", "with", "without", "note", "source")


def _check_text(text: str, place: str) -> None:
    if not text.strip():
        raise LexiconError(f"{place}: an empty canonical or variant; remove it, and the '|' beside it")
    if found := re.search(r"[{}|]", text):
        raise LexiconError(
            f"{place}: {found.group()!r} inside {text!r}; braces belong at the end of a variant and hold its tier and "
            "weight, '|' stands between variants"
        )
    if _CONTROL.search(text):
        raise LexiconError(f"{place}: a tab or control character inside {text!r}; remove it")


def _variant(text: str, place: str) -> Variant:
    marked = _MARKS.fullmatch(text)
    if not marked or not marked["text"]:
        _check_text(text, place)
        return Variant(text)
    _check_text(marked["text"], place)
    tier: Tier | None = None
    weight: float | None = None
    for mark in marked["marks"].split():
        if mark in TIERS and tier is None:
            tier = _tier(mark, place)
        elif (number := _positive(mark)) is not None and weight is None:
            weight = number
        else:
            raise LexiconError(
                f"{place}: {mark!r} in the braces of {text!r}; a variant has at most one tier ({', '.join(TIERS)}) and "
                "one weight (a positive number)"
            )
    return Variant(marked["text"], weight, tier)


def _positive(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if isfinite(number) and number > 0 else None


def _tier(text: str, place: str) -> Tier:
    for tier in TIERS:
        if text == tier:
            return tier
    raise LexiconError(f"{place}: {text!r} is no tier; use one of {', '.join(TIERS)}")


def _attributes(fields: Iterable[str], place: str) -> dict[str, str]:
    values: dict[str, str] = {}
    for field in fields:
        if not field:
            continue
        key, mark, value = (part.strip() for part in field.partition("="))
        if not mark or key not in _ATTRIBUTES:
            raise LexiconError(
                f"{place}: {field!r} is no attribute; after the variants come columns such as tier=context, "
                f"with one of {', '.join(_ATTRIBUTES)} before the '='"
            )
        if key in values:
            raise LexiconError(f"{place}: {key}= stands twice; write it once")
        if not value:
            raise LexiconError(f"{place}: {key}= has no value; give one, or remove the column")
        values[key] = value
    return values


def _list(values: dict[str, str], key: str, place: str) -> tuple[str, ...]:
    if key not in values:
        return ()
    items = [item.strip() for item in values[key].split(",")]
    if not all(items):
        raise LexiconError(f"{place}: an empty word in {key}={values[key]}; words are separated by single commas")
    return tuple(sorted(set(items)))


def _default(line: str, place: str, defaults: Defaults, set_here: dict[str, str]) -> Defaults:
    key, mark, value = (part.strip() for part in line[2:].partition(":"))
    if not mark or key not in Defaults._fields or not value:
        raise LexiconError(
            f"{place}: {line!r} sets no default; write '#! key: value' with one of {', '.join(Defaults._fields)}"
        )
    if key in set_here:
        raise LexiconError(f"{place}: the default {key} is set twice, first at {set_here[key]}")
    set_here[key] = place
    if key == "tier":
        return defaults._replace(tier=_tier(value, place))
    return defaults._replace(**{key: value})  # type: ignore[arg-type]


def _compare(row: Row, pairs: dict[tuple[str, str, Condition, str], tuple[float | None, Tier, str]]) -> None:
    """Raise ``LexiconError`` when a pair of the row was there before with other marks."""
    for variant, tier in zip(row.variants, row.tiers, strict=True):
        pair = (row.canonical, row.part_of_speech, row.condition, variant.text)
        weight, known, place = pairs.setdefault(pair, (variant.weight, tier, row.place))
        if (weight, known) != (variant.weight, tier):
            raise LexiconError(
                f"{row.place}: {row.canonical!r} -> {variant.text!r} contradicts {place}: "
                f"{_marks(variant.weight, tier)} here, {_marks(weight, known)} there; keep one of them"
            )


def _marks(weight: float | None, tier: Tier) -> str:
    return tier if weight is None else f"{tier} {weight:g}"
