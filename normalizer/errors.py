"""Everything that can go wrong, as one family of exceptions.

Messages are sentences for the person who has to act on them: what is wrong, where, and what to do.
"""

from __future__ import annotations


class NormalizerError(Exception):
    """The base of all errors that this package raises on purpose."""


class InputError(NormalizerError):
    """An input could not be read as text."""


class LexiconError(NormalizerError):
    """A lexicon file is missing or malformed."""


class ModelError(NormalizerError):
    """The language model is missing or cannot be read on this platform."""


class ConfigError(NormalizerError):
    """A setting is unknown or has a value that makes no sense."""


class EditError(NormalizerError):
    """Edits do not fit the text they are applied to."""
