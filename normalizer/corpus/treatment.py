"""How the documents of a file are treated: by which engine, and what in them is to be left alone."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from normalizer.corpus.records import DocumentError
from normalizer.errors import ConfigError
from normalizer.ignoring import Rules, filter_restoration
from normalizer.pipeline import Normalizer
from normalizer.restoration import Restoration


@dataclass(frozen=True)
class Treatment:
    """An engine, and the findings and terms that it may not touch. Picklable."""

    normalizer: Normalizer
    rules: Rules = field(default_factory=Rules)

    def analyze(self, text: str) -> Restoration:
        """Analyse a document. Raises ``DocumentError`` when a pattern of the rules takes too long on it.

        >>> from normalizer.ignoring import IgnoreRule
        >>> rules = Rules(ignore=(IgnoreRule("cafÃ©"),))
        >>> Treatment(Normalizer(), rules).analyze("The cafÃ© and the crÃ¨me.").restored
        'The cafÃ© and the crème.'
        """
        restoration = self.normalizer.analyze(text)
        try:
            return filter_restoration(restoration, self.rules)
        except ConfigError as error:
            raise DocumentError(str(error)) from error

    def to_dict(self) -> dict[str, Any]:
        """Everything that decides about the result, as plain data."""
        engine = self.normalizer
        state = {name: value for name, value in engine.__getstate__().items() if name not in ("_overlay", "cache")}
        return {
            **json.loads(json.dumps(state, default=_plain)),
            "lexicons": engine.lexicons_digest if engine.lexicons else "",
            "ignore": [[rule.original, rule.replacement, rule.match_case] for rule in self.rules.ignore],
            "protect": [[term.term, term.match_case] for term in self.rules.protect],
        }


@dataclass(frozen=True)
class Treatments:
    """The treatment of every file of a run: ``general``, or another for the files (by name) in ``special``."""

    general: Treatment
    special: Mapping[str, Treatment] = field(default_factory=dict)

    def of(self, file: str) -> Treatment:
        """The treatment of one file."""
        return self.special.get(file, self.general)

    def to_dict(self) -> dict[str, Any]:
        """Everything that decides about the results, as plain data."""
        special = {name: treatment.to_dict() for name, treatment in sorted(self.special.items())}
        return {**self.general.to_dict(), "configuration_of_single_files": special}


def _plain(value: object) -> Any:
    return sorted(value) if isinstance(value, frozenset | set) else str(value)
