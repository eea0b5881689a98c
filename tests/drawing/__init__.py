"""Draws who imports whom, from the code itself."""
