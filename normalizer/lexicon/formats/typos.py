"""The dictionary of typos: CSV without a header, ``typo,correction[,correction]…``."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator

from normalizer.lexicon.formats.records import Found, Options, Refused, outgoing, share_of, unconditional, unfit
from normalizer.lexicon.table import Row


def looks_like(text: str) -> bool:
    """Whether most lines have a word, a comma and another word."""
    return share_of(text, lambda line: re.fullmatch(r"[\w'’-]+(,[\w'’ -]+)+", line)) > 0.5


def read(text: str, options: Options) -> Iterator[Found | Refused]:
    """Several corrections make the tier ``context``.

    >>> [(f.canonical, f.variant) for f in read("abandonned,abandoned", Options()) if isinstance(f, Found)]
    [('abandoned', 'abandonned')]
    """
    reader = csv.reader(io.StringIO(text, newline=""))
    try:
        for fields in reader:
            if not fields or fields[0].startswith("#"):
                continue
            typo, *corrections = (field.strip() for field in fields)
            corrections = [correction for correction in corrections if correction]
            if not corrections:
                yield Refused(reader.line_num, "no correction", ",".join(fields))
            elif corrections == [typo]:
                yield Refused(reader.line_num, "corrected to itself, which only says that the word is right", typo)
            else:
                for correction in corrections:
                    yield Found(reader.line_num, correction, typo, tier="context" if len(corrections) > 1 else None)
    except csv.Error as error:
        yield Refused(reader.line_num, f"not CSV ({error}); nothing below it was read")


def write(rows: Iterable[Row]) -> tuple[str, list[Refused]]:
    """Lines sorted by the wrong word. typos compares single words, so phrases are refused."""
    refused: list[Refused] = []
    lines: dict[str, dict[str, None]] = {}
    for pair in unconditional(outgoing(rows), refused):
        if not re.fullmatch(r"[\w'’-]+", pair.variant):
            refused.append(unfit(pair, "typos knows single words only"))
        elif pair.tier == "report":
            refused.append(unfit(pair, "typos would correct it, and it may only be suggested"))
        else:
            lines.setdefault(pair.variant, {})[pair.canonical] = None
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerows([typo, *corrections] for typo, corrections in sorted(lines.items()))
    return stream.getvalue(), refused
