"""Reading one page by the layout of its address pattern, which was learned from many pages (`learning/`).

shape     the address pattern of a page
places    lines and blocks by their paths
apply     title, date, byline and body of a page by its layout
"""
