"""Find text that was spun (its words swapped for synonyms) and restore the canonical wording.

>>> from normalizer import Edit, apply_edits
>>> apply_edits("a safety deal", [Edit(2, 8, "safety", "security", "word", 0.97)])
'a security deal'

Importing the package is cheap: the engine and its data load when a ``Normalizer`` first needs them.
"""

from __future__ import annotations

from normalizer.edits import Alternative, Edit, apply_edits, revert_edits
from normalizer.errors import (
    ConfigError,
    EditError,
    InputError,
    LexiconError,
    ModelError,
    NormalizerError,
)
from normalizer.pipeline import Normalizer, restore
from normalizer.restoration import Detection, Finding, Passage, Restoration

__version__ = "0.1.0"

__all__ = [
    "Alternative",
    "ConfigError",
    "Detection",
    "Edit",
    "EditError",
    "Finding",
    "InputError",
    "LexiconError",
    "ModelError",
    "Normalizer",
    "NormalizerError",
    "Passage",
    "Restoration",
    "apply_edits",
    "restore",
    "revert_edits",
]
