"""Releases: frozen, numbered, self-describing datasets of all articles."""
