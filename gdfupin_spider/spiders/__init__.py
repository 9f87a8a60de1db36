"""The spiders: they find the way. `scrapy list` names them."""
