"""Readers of the data sets, and the rules by which they are split."""
