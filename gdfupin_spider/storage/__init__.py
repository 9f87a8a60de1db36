"""The output folder: crawl folders, line files, reports, lock, durable writes."""
