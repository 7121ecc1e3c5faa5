"""Formats of other tools that hold pairs of wordings: one module each, with ``looks_like``, ``read`` and ``write``."""
