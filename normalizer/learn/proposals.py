"""Proposals: pairs that learning found, for people to review; a table in the lexicon's format, and JSON lines.

Nothing here enters a lexicon by itself: the table is read by whoever names it with ``--lexicon``.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from normalizer.errors import InputError
from normalizer.files import read_text, write_text
from normalizer.lexicon.table import Defaults, Row, Variant, format_row


@dataclass(frozen=True, slots=True)
class Proposal:
    """A substitution that spinners may make.

    ``count`` places in ``documents`` documents show it; ``kept`` places show the canonical wording left alone.
    ``confidence`` is the probability that the pair belongs into a lexicon. ``contexts`` are places as they stand in the
    text, the variant in brackets; ``evidence`` says in sentences what speaks for it.
    """

    canonical: str
    variant: str
    count: float
    documents: int
    kept: float
    confidence: float
    contexts: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """The proposal as plain data."""
        return {**asdict(self), "count": round(self.count, 3), "confidence": round(self.confidence, 4)}

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Proposal:
        """The proposal that ``to_dict`` wrote. Raises ``KeyError`` or ``TypeError`` for anything else."""
        count, kept, confidence = (float(data[name]) for name in ("count", "kept", "confidence"))
        contexts, evidence = (tuple(map(str, data.get(name, ()))) for name in ("contexts", "evidence"))
        canonical, variant, documents = str(data["canonical"]), str(data["variant"]), int(data["documents"])
        return cls(canonical, variant, count, documents, kept, confidence, contexts, evidence)


def write_proposals(table: Path, proposals: Sequence[Proposal], source: str) -> Path:
    """Write the review table, and beside it the JSON lines with contexts and evidence; returns the latter's path.

    Raises ``InputError`` when a file cannot be written.
    """
    lines = lines_path(table)
    records = "".join(json.dumps(p.to_dict(), ensure_ascii=False) + "\n" for p in proposals)
    write_text(lines, records)
    write_text(table, format_table(proposals, source))
    return lines


def lines_path(table: Path) -> Path:
    """Where the JSON lines of a review table are.

    >>> lines_path(Path("mined.tsv")).name
    'mined.jsonl'
    """
    return table.with_suffix(".jsonl")


def read_proposals(path: Path) -> list[Proposal]:
    """Read JSON lines of proposals. Raises ``InputError`` with file and line for anything else."""
    proposals = []
    for number, line in enumerate(read_text(path).text.splitlines(), 1):
        if line.strip():
            try:
                proposals.append(Proposal.from_dict(json.loads(line)))
            except (ValueError, KeyError, TypeError) as error:
                raise InputError(
                    f"{path}:{number}: not a mined pair ({error}); name a file that 'learn pairs' wrote"
                ) from error
    return proposals


def format_table(proposals: Iterable[Proposal], source: str) -> str:
    """The proposals as a table in the lexicon's format: one line a canonical wording, variants commonest first."""
    by_canonical: dict[str, list[Proposal]] = defaultdict(list)
    for proposal in proposals:
        by_canonical[proposal.canonical].append(proposal)
    lines = [
        "# Proposed pairs, for review: delete what is wrong, then name this file with --lexicon.",
        f"#! source: {source}",
    ]
    defaults = Defaults(source=source)
    rows = [_row(canonical, found, source) for canonical, found in by_canonical.items()]
    lines += [format_row(row, defaults) for row in sorted(rows, key=lambda row: row.key)]
    return "\n".join([*lines, ""])


def _row(canonical: str, proposals: Sequence[Proposal], source: str) -> Row:
    found = sorted(proposals, key=lambda p: (-p.count, p.variant))
    total = sum(p.count for p in found) or 1.0
    variants = tuple(Variant(p.variant, round(max(p.count / total, 1e-3), 3)) for p in found)
    return Row(canonical, "x", variants, note=_note(found), source=source)


def _note(found: Sequence[Proposal]) -> str:
    count, kept = sum(p.count for p in found), found[0].kept
    documents = max(p.documents for p in found)
    places = f"{count:g} of {count + kept:g} places, {documents} document{'s' * (documents != 1)} or more"
    return f"{places}; confidence {', '.join(f'{p.confidence:.2f}' for p in found)}"
