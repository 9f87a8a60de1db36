"""Layouts from many pages, without a human. In the order of the data:

lessons       collects titles and sketches of a whole archive, in little memory
titles        what links print about the pages they lead to: the labels
sketch        one page as far as learning needs it
title_place   where most pages have the text that links print
fit           a page that fits a title place
body_place    the block of what differs from page to page; template
date_place    where the dates of the rows are
learn         layouts from sketches and labels
"""
