"""Reads the catalog: definitions, versions in force, formulas, and areas over time."""
