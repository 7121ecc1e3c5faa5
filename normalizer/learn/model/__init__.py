"""Estimating an n-gram model from text: counting, Kneser-Ney, and the file formats that KenLM reads."""
