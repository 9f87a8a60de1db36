"""The replica with a third of its articles, all that are special among them. For tests that are not about reading every page:
what they crawl takes a third of the time.
"""

from functools import partial

from gdfupin_spider import replica
from tests import sites

serve = partial(replica.serve, extract=True)
truth = partial(replica.truth, extract=True)
changes = partial(replica.changes, extract=True)
crawl_replica = partial(sites.crawl_replica, extract=True)
