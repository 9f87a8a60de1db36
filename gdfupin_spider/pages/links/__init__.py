"""URLs, and the links of a page."""
