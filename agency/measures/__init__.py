"""The measures: indicators, comparison, robustness, agreement and claims, from a matrix or its cells."""
