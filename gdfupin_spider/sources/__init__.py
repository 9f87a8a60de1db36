"""Captures from elsewhere: web archives, and files that other programs wrote.

Whatever the source, an exchange goes the same way: it is checked against what is held (`held`), written into a crawl
folder of its own at its true date, and read and folded like a live crawl (`intake`).
"""
