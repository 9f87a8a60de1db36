"""Listing pages: rows and pagers."""
