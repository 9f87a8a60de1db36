"""Completeness of the archive, alarms after a crawl, status, notifications."""
