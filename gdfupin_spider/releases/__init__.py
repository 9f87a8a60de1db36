"""Releases: frozen, versioned, self-describing datasets of all articles.

In the order of a build:

    rows, records, corrections     the records of a release, from the catalog and article lines
    write, formats, contents, sample   the data files, written in one pass
    statistics, check_inputs, previous   counts, inputs of the checks, comparison with the previous release
    assertions, cross_format       the checks, by name
    metadata, cards, changelog     the description of the release
    manifest, folder               inputs and files; the folder of all releases
    build, publish, verification   all of this in order; list, verify a copy
"""
