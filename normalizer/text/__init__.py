"""Text before any judgement: encoding, residue, sentences, tokens, protected places."""
