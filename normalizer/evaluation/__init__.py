"""Measures: agreement with goldens, calibration of the probabilities, damage on clean text."""
