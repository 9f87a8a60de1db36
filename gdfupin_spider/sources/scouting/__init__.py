"""Where the site can still be had: `gdfupin scout`.

live_site       does it answer, is it still itself, where does it lead
holdings        what web archives have, by year and kind of page
ranking         which archive is asked first
estimates       how much there was, with bounds and the method
report          all of it, and the command to type next
"""
