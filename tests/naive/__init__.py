"""Deliberately naive references that the laws are checked against."""
