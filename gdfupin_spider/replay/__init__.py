"""Crawls parsed again from their WARC files alone."""
