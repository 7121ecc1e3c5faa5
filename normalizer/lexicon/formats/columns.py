"""CSV with named columns, such as a list of tortured phrases: a fingerprint and the expected text.

A fingerprint may have conditions: ``irregular woodland AND learning NOT forest`` is *irregular woodland* in documents
that have *learning* and do not have *forest*.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from normalizer.errors import ConfigError
from normalizer.lexicon.formats.records import Found, Options, Refused, outgoing, unfit
from normalizer.lexicon.table import PARTS_OF_SPEECH, TIERS, Condition, PartOfSpeech, Row, Tier

NAMES: Mapping[str, tuple[str, ...]] = {
    "canonical": (
        "canonical",
        "expected text",
        "expected",
        "expected phrase",
        "correct",
        "correction",
        "original",
        "right",
    ),
    "variant": ("variant", "fingerprint", "tortured phrase", "tortured", "phrase", "wrong", "bad", "spun"),
    "part of speech": ("part of speech", "pos"),
    "tier": ("tier",),
    "weight": ("weight",),
    "next": ("next",),
    "previous": ("previous",),
    "with": ("with",),
    "without": ("without",),
    "note": ("note", "notes", "comment"),
    "source": ("source", "reference", "url"),
}
"""Our columns, and the names under which they are found."""

_FINGERPRINTS = ("fingerprint", "tortured phrase", "tortured")
"""A column of such a name holds what clean prose never has, so its pairs are of that tier."""


def looks_like(text: str) -> bool:
    """Whether the first line names a canonical and a variant column."""
    try:
        names = {name.strip().lower() for name in next(csv.reader(io.StringIO(text), _dialect(text)), [])}
    except csv.Error:
        return False
    return bool(names & set(NAMES["canonical"])) and bool(names & set(NAMES["variant"]))


def read(text: str, options: Options) -> Iterator[Found | Refused]:
    r"""One pair for each expected text of a line; several are separated by ``|``.

    >>> one = next(read("fingerprint,expected\nirregular woodland AND learning,random forest\n", Options()))
    >>> isinstance(one, Found) and (one.canonical, one.variant, one.tier, one.condition.with_)
    ('random forest', 'irregular woodland', 'fingerprint', ('learning',))
    """
    reader = csv.reader(io.StringIO(text, newline=""), _dialect(text))
    try:
        header = [name.strip().lstrip("\ufeff") for name in next(reader, [])]
        places = _places(header, options.columns)
        fingerprints = header[places["variant"]].lower() in _FINGERPRINTS
        for fields in reader:
            if any(field.strip() for field in fields):
                yield from _pairs(reader.line_num, fields, places, fingerprints)
    except csv.Error as error:
        yield Refused(reader.line_num, f"not CSV ({error}); nothing below it was read")


def write(rows: Iterable[Row]) -> tuple[str, list[Refused]]:
    """All columns that have a name, one line for each pair; nothing is lost but comments and domains."""
    refused: list[Refused] = []
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(NAMES)
    for row in rows:
        condition = ["|".join(words) for words in row.condition]
        for variant, pair in zip(row.variants, outgoing([row]), strict=True):
            weight = "" if variant.weight is None else f"{variant.weight:g}"
            if '"' in pair.canonical + pair.variant:
                refused.append(unfit(pair, "quotation marks have a meaning of their own in queries"))
            else:
                cells = [_quoted(pair.canonical), _quoted(pair.variant), row.part_of_speech, pair.tier, weight]
                writer.writerow([*cells, *condition, row.note, row.source])
    return stream.getvalue(), refused


def _pairs(
    line: int, fields: Sequence[str], places: Mapping[str, int], fingerprints: bool
) -> Iterator[Found | Refused]:
    values = {name: fields[place].strip() if place < len(fields) else "" for name, place in places.items()}
    shown = ", ".join(fields)
    part, tier = values.get("part of speech", ""), values.get("tier", "")
    if part and part not in PARTS_OF_SPEECH:
        yield Refused(line, f"{part!r} is no part of speech ({', '.join(PARTS_OF_SPEECH)})", shown)
        return
    if tier and tier not in TIERS:
        yield Refused(line, f"{tier!r} is no tier ({', '.join(TIERS)})", shown)
        return
    try:
        weight = float(values["weight"]) if values.get("weight") else None
        variant, condition = parse_query(values["variant"])
    except ValueError as error:
        yield Refused(line, str(error), shown)
        return
    lists = {name: tuple(word for word in values.get(name, "").split("|") if word) for name in _LISTS}
    condition = Condition(
        lists["next"],
        lists["previous"],
        tuple(sorted({*condition.with_, *lists["with"]})),
        tuple(sorted({*condition.without, *lists["without"]})),
    )
    if not variant or not values["canonical"]:
        yield Refused(line, "an empty cell where a wording belongs", shown)
        return
    for canonical in _alternatives(values["canonical"]):
        known_part: PartOfSpeech | None = next((known for known in PARTS_OF_SPEECH if known == part), None)
        known_tier: Tier | None = next((known for known in TIERS if known == tier), None)
        yield Found(
            line,
            canonical,
            variant,
            known_part,
            known_tier or ("fingerprint" if fingerprints else None),
            weight,
            condition,
            values.get("note", ""),
            values.get("source", ""),
        )


_LISTS = ("next", "previous", "with", "without")
_OPERATOR = re.compile(r"\s*\b(AND NOT|AND|NOT)\b\s*")


def parse_query(text: str) -> tuple[str, Condition]:
    """A wording with its conditions. Raises ``ValueError`` for what an entry cannot say.

    >>> parse_query('"irregular woodland" AND (learning OR classifier) NOT forest')[1].with_
    ('classifier', 'learning')
    """
    if re.fullmatch(r'"[^"]*"', text):
        return text[1:-1].strip(), Condition()
    wording, *rest = _OPERATOR.split(text)
    with_: set[str] = set()
    without: set[str] = set()
    for operator, operand in zip(rest[::2], rest[1::2], strict=True):
        words = {_bare(word) for word in re.split(r"\s+OR\s+", operand.strip().strip("()"))}
        if not all(words):
            raise ValueError(f"nothing behind {operator}")
        if operator != "AND":
            without |= words
        elif with_:
            raise ValueError("more than one AND; an entry can ask for one of several words, not for all of them")
        else:
            with_ |= words
    if " OR " in wording:
        raise ValueError("OR between wordings; give each a line of its own")
    return _bare(wording), Condition((), (), tuple(sorted(with_)), tuple(sorted(without)))


def _bare(text: str) -> str:
    return text.strip().strip('"“”').strip()


def _alternatives(text: str) -> list[str]:
    if re.fullmatch(r'"[^"]*"', text):
        return [text[1:-1].strip()]
    return [_bare(part) for part in re.split(r"\||\s+OR\s+", text)]


def _quoted(text: str) -> str:
    """In quotes where the importer would read an operator or take quotes away."""
    plain = not _OPERATOR.search(text) and " OR " not in text and text == _bare(text)
    return text if plain else f'"{text}"'


def _places(header: Sequence[str], columns: Mapping[str, str]) -> dict[str, int]:
    lowered = [name.lower() for name in header]
    places: dict[str, int] = {}
    for ours, names in NAMES.items():
        wanted = (columns[ours].lower(),) if ours in columns else names
        found = [lowered.index(name) for name in wanted if name in lowered]
        if found:
            places[ours] = found[0]
        elif ours in columns or ours in ("canonical", "variant"):
            raise ConfigError(
                f"no column {' or '.join(repr(name) for name in wanted[:3])} for the {ours}; the file has "
                f"{', '.join(map(repr, header))}; name it with --column {ours}=NAME"
            )
    return places


def _dialect(text: str) -> type[csv.Dialect]:
    first = text.partition("\n")[0]

    class Found(csv.excel):
        delimiter = max(",;\t", key=first.count)

    return Found
