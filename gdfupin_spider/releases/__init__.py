"""Releases: frozen, numbered, self-describing datasets of all articles.

Down the way of a release:

    source        the catalog and the lines it points to, as records (`records`: what their fields are)
    writing       these in all formats, in one pass (`formats`, `contents`, `sample`)
    tally, evidence, beside      what is counted and looked at on the way; the release before, laid beside
    assertions    what must hold, by name
    about, cards, changelog      what the release says about itself
    manifest, shelf              what it is made of; where it stands
    building, verifying          all of this in order; a copy that somebody downloaded
"""
