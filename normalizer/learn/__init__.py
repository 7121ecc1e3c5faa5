"""Learning channel weights from text; used when data is built, never at run time."""
