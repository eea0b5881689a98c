"""Reads the documents of the project, and does what they show."""
