"""Figures: load, conform, restate, aggregate, compute, check, publish, explain."""
