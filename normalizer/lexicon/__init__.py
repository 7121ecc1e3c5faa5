"""The lexicon: substitution tables, their inflection, and the numbers beside them."""
