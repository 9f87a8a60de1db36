"""The spider, and the requests that it makes. `scrapy list` lists it."""
