"""Runs commands of `chitieu` as a user would."""
