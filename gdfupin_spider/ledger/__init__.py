"""Verdicts on pages: faults, articles, and the lines of a crawl or reading."""
