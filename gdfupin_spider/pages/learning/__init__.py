"""Layouts from many pages, without a human.

titles    what links print about the pages they lead to: labels, collected from all pages
sketch    one page as far as learning needs it
learn     layouts from sketches and labels
lessons   collects titles and sketches of a whole archive, in little memory
"""
