"""Measurements of restating beside other ways to do it."""
