"""Reading with a deadline that no page can outlive, not even by a stuck regular expression or parser.

A small page is read in this process, as nearly all are, under a timer of CPU time that interrupts Python and its regular
expressions. A page that is long or packed, one that exceeded the timer, and every page of a profile with selectors of its own
(which run within libxml2, where no timer reaches) is read in a worker process first, which is killed at the deadline or when it
needs too much memory. Only what the worker has read is read again here: the same steps take the same time.

Reading twice costs less than sending a parsed page from process to process, and gives the same record; it is rare.
"""

from .timed import DEADLINE, QUICK, SMALL, quick, read, slow

__all__ = ["DEADLINE", "QUICK", "SMALL", "quick", "read", "slow"]
