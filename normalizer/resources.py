"""Where the shipped data is: inside the installed package, or beside it in a checkout."""

from __future__ import annotations

from pathlib import Path

CHANNEL, MODEL, TOPICS = "channel.tsv", "news-3gram.klm", "topics.tsv"
"""The compiled channel, the language model and the directions of words of a lexicon folder."""


def lexicon_path(name: str = "") -> Path:
    """The path of a file or folder below ``lexicons/``.

    >>> lexicon_path("en").name
    'en'
    """
    package = Path(__file__).resolve().parent
    installed = package / "lexicons"
    return (installed if installed.is_dir() else package.parent / "lexicons") / name
