"""One page read by the layout of its shape, which many pages have taught (`learning/`).

shape     the address pattern of a page
places    lines and blocks by their paths
apply     title, date, byline and body of a page by its layout
"""
