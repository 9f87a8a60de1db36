"""What becomes of a page: faults, articles, and the lines of a crawl or reading."""
