"""A running crawl: session, capture order, progress."""
