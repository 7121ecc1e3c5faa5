"""What the tests of corpora and adapters share."""

from __future__ import annotations

from collections.abc import Callable

from normalizer.corpus.report import Report

SPUN = (
    "Austrian International Minister Matthias Lindauer described the result as a modest doc. "
    "The settlement commits each side to upgrading greater than 1,900km of railway."
)
RunCorpus = Callable[..., Report]
