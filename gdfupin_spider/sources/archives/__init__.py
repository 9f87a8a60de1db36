"""Web archives as sources of captures.

The way of one import, in the order of its modules:

    pace, client            requests: a pace that all commands of a machine share, pauses, repeats, bounds
    cdx_rows, indexes       capture indexes and their dialects
    inventory               all rows of a site, cached on the disk
    address_kinds,
    capture_plan            what is worth fetching, in which order
    memento, outcomes       a capture with proof, or the reason why it is not available
    web_archive,
    commoncrawl             one archive with its index and playback
    fetching,
    archive_import          the captures of a plan, taken into the output
"""
