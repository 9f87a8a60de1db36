"""Understanding, pure: bytes, headers, URL and profile in, records out. No Scrapy, no files, no clock, no network."""
