"""Reading one page by the layout of its address pattern, which was learned from many pages (`learning/`).

shape           the address pattern of a page
places          lines and blocks by their paths
layout_index    a layout for quick look-up
page_by_layout  one page with one layout
page_title, page_date, page_body
                the parts of a page by a layout
apply           the layout that fits best, weighed against the page alone
"""
