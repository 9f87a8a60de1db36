"""Only what differs from Scrapy's defaults, each with its default and the reason. `GDFUPIN_…` are our own."""

import os

from . import __version__

BOT_NAME = "gdfupin_spider"
SPIDER_MODULES = ["gdfupin_spider.spiders"]
NEWSPIDER_MODULE = "gdfupin_spider.spiders"

# --- Our own -----------------------------------------------------------------------------------------------------

GDFUPIN_OUTPUT = os.environ.get("GDFUPIN_OUTPUT") or "output"  # where crawls/ lies; `gdfupin crawl --output`
# A mail address or URL for the site's keeper; it stands in the user agent.
GDFUPIN_CONTACT = os.environ.get("GDFUPIN_CONTACT", "")
# The site is the replica: whatever is captured is marked as demo data; `gdfupin crawl --demo`, `gdfupin demo`.
GDFUPIN_DEMO = os.environ.get("GDFUPIN_DEMO", "0")
GDFUPIN_PAGE_BYTES = 10_000_000  # a longer page is cut here: 300 times the longest old page seen
GDFUPIN_MEDIA_BYTES = 200_000_000  # the same for pictures and attachments, which go to the WARC piece by piece
# The crawl ends in an orderly way before the disk has less left: room for a big attachment, the report, the catalog.
GDFUPIN_LAYOUT_PAGES = os.environ.get("GDFUPIN_LAYOUT_PAGES", 10)  # a crawl of fewer pages learns nothing; 0: none does
GDFUPIN_FREE_BYTES = os.environ.get("GDFUPIN_FREE_BYTES", 200_000_000)
GDFUPIN_TELL_ERRORS = True  # the error that ends a crawl is logged; `gdfupin crawl` says it itself, once and last
# Before the 2nd, 3rd, 4th try, as multiples of patience: max(DOWNLOAD_DELAY, 0.1 s). One more try follows at the end of the crawl.
GDFUPIN_RETRY_WAITS = os.environ.get("GDFUPIN_RETRY_WAITS", [2, 8, 30])
# The same after a block page, 429 or 503 without Retry-After.
GDFUPIN_BLOCK_WAITS = os.environ.get("GDFUPIN_BLOCK_WAITS", [10, 60, 240])
GDFUPIN_RETRY_AFTER_MAX = 3600  # seconds; a server that asks for more is asked again after this
# Seconds; a Crawl-delay above it is obeyed up to here, and the crawl announces it: 20,000 pages a minute apart take two weeks.
GDFUPIN_CRAWL_DELAY_MAX = os.environ.get("GDFUPIN_CRAWL_DELAY_MAX", 60)
GDFUPIN_MAX_PACE = 20  # the longest pause between requests to a host that blocks or slows down, in the same unit
GDFUPIN_GIVE_UP_AFTER = 30  # addresses in a row that failed for good: the site is gone for today, the crawl ends

# --- Manners -----------------------------------------------------------------------------------------------------

USER_AGENT = (  # default names Scrapy: the site's keeper should know who we are and whom to ask
    f"gdfupin_spider/{__version__} (archive of www.gdfupin.org.cn; one polite visitor"
    + (f"; {GDFUPIN_CONTACT})" if GDFUPIN_CONTACT else ")")
)
ROBOTSTXT_OBEY = True  # default False
DOWNLOAD_DELAY = 1  # default 0; one old server, many readers
DOWNLOAD_DELAY_JITTER = 0  # default 0.5; --delay is exactly what is done
CONCURRENT_REQUESTS = 1  # default 16
CONCURRENT_REQUESTS_PER_DOMAIN = 1  # default 8
DOWNLOAD_TIMEOUT = 60  # default 180; a page of an old site that takes longer has stalled
DEFAULT_REQUEST_HEADERS = {  # default asks for English
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Language": "zh-CN,zh;q=0.9",
}

# --- Every exchange reaches the record and the spider as it is ------------------------------------------------------

DOWNLOAD_FAIL_ON_DATALOSS = False  # default True; what arrived of a broken body is evidence
DOWNLOAD_MAXSIZE = 0  # default 1 GB; it throws the body away, ours (GDFUPIN_PAGE_BYTES) keeps what came
DOWNLOAD_WARNSIZE = 0  # default 32 MB; the limit above speaks for itself
COMPRESSION_ENABLED = False  # default True; sends no Accept-Encoding, and payloads stay what the server sent
REDIRECT_ENABLED = False  # default True; a redirect is a capture that reads as `moved`, the spider follows it
METAREFRESH_ENABLED = False  # default True; the same
RETRY_ENABLED = False  # default True; `Manners` retries, after the record has what came
# default True; tldextract would call an outside host, and only a cookie wall needs cookies: middlewares/cookies.py
COOKIES_ENABLED = False
TELNETCONSOLE_ENABLED = False  # default True; no open ports
REMOTE_CONTROL_ENABLED = False  # default True; the same

DOWNLOAD_HANDLERS = {  # Scrapy's, but it can be ended, and reads odd headers and chunks as browsers do
    "http": "gdfupin_spider.crawl.http_handler.HttpHandler",
    "https": "gdfupin_spider.crawl.http_handler.HttpHandler",
}
DOWNLOADER_MIDDLEWARES = {
    # engine side
    "scrapy.downloadermiddlewares.httpproxy.HttpProxyMiddleware": 40,  # default 750; Scope must know of a proxy
    "gdfupin_spider.middlewares.ScopeMiddleware": 50,
    "gdfupin_spider.middlewares.RobotsMiddleware": 100,
    "gdfupin_spider.middlewares.RetryMiddleware": 600,
    "gdfupin_spider.middlewares.ReadMiddleware": 700,
    "gdfupin_spider.middlewares.CookieWallMiddleware": 900,
    "gdfupin_spider.middlewares.CaptureMiddleware": 950,
    # downloader side
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,  # default 50; Scope does it, by the profile
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,  # default 100; Robots follows redirects, too
    "scrapy.downloadermiddlewares.httpauth.HttpAuthMiddleware": None,  # default 300; not used: time per page
    "scrapy.downloadermiddlewares.stats.DownloaderStats": None,  # default 850; the report counts: time per page
}
SPIDER_MIDDLEWARES = {  # none of them does anything for us: time per page
    "scrapy.spidermiddlewares.start.StartSpiderMiddleware": None,  # default 25
    "scrapy.spidermiddlewares.httperror.HttpErrorMiddleware": None,  # default 50; a 404 is a page to be read
    "scrapy.spidermiddlewares.referer.RefererMiddleware": None,  # default 700; the spider sends it where it helps
    "scrapy.spidermiddlewares.urllength.UrlLengthMiddleware": None,  # default 800; Scope
    "scrapy.spidermiddlewares.depth.DepthMiddleware": None,  # default 900
    "scrapy.spidermiddlewares.metacopy.MetaCopyDetectionMiddleware": None,  # default 1000
}
HTTPERROR_ALLOW_ALL = True  # default False; for those who switch that middleware on again
TWISTED_DNS_RESOLVER = "gdfupin_spider.middlewares.resolver.ScopedResolver"  # refuses private addresses in a crawl

ITEM_PIPELINES = {"gdfupin_spider.pipelines.WritePipeline": 300}

# --- Housekeeping --------------------------------------------------------------------------------------------------

CONCURRENT_ITEMS = 2  # default 100: that many tasks are made for every page, which has one item at most
SCRAPER_SLOT_MAX_ACTIVE_SIZE = 500_000  # default 5 MB; at full speed 180 pages waited with all their lines
DUPEFILTER_CLASS = (
    "scrapy.dupefilters.BaseDupeFilter"  # default hashes every request; the spider knows what it asked for
)
SCHEDULER_PRIORITY_QUEUE = "scrapy.pqueues.ScrapyPriorityQueue"  # default spreads over many hosts; we have one
SCHEDULER_MEMORY_QUEUE = "scrapy.squeues.FifoMemoryQueue"  # default last in, first out; page order is the natural one
EXTENSIONS = {
    "gdfupin_spider.crawl.progress.Progress": 0,
    "scrapy.extensions.corestats.CoreStats": None,  # default 0; the report counts
    "scrapy.extensions.logstats.LogStats": None,  # default 0; Progress speaks of articles
    "scrapy.extensions.memusage.MemoryUsage": None,  # default 0; would mail
    "scrapy.extensions.spiderstate.SpiderState": None,  # default 0
    "scrapy.extensions.throttle.AutoThrottle": None,  # default 0; Manners throttles when there is a reason
}
STATS_DUMP = False  # default True; report.json says it
LOG_LEVEL = "INFO"  # default DEBUG, a line for every request
LOG_FORMATTER = "gdfupin_spider.crawl.progress.QuietFormatter"  # default warns of every item that is dropped
LOG_VERSIONS: list[str] = []  # default eleven lines; report.json has those that matter
FEED_EXPORTERS = {  # Scrapy's write None and Python's notation of lists
    "csv": "gdfupin_spider.crawl.feed_exports.CsvExporter",
    "xml": "gdfupin_spider.crawl.feed_exports.XmlExporter",
}
FEED_EXPORT_ENCODING = "utf-8"  # default escapes Chinese in JSON
