"""Text broken into lines by the columns that characters take, Chinese also where there is no space."""

from rich.cells import cell_len, get_character_cell_size

NOT_FIRST = frozenset("，。；：、！？）》」』”’…—,.;:!?)")
"""Characters that begin no line,"""
NOT_LAST = frozenset("（《「『“‘(")
"""and those that end none."""


def lines(text: str, width: int) -> list[str]:
    """Text broken between Chinese characters and at spaces, each line no wider than `width` columns where that is possible.

    >>> lines("采集网站的全部文章，使用 --output 指定目录。", 16)
    ['采集网站的全部文', '章，使用', '--output 指定目', '录。']
    """
    found, line = [], ""
    for part in _parts(text):
        if line.strip() and cell_len(line + part.rstrip()) > width:
            found.append(line.rstrip())
            line = part.lstrip()
        else:
            line += part
    return [*found, line.rstrip()] if line.strip() else found


def breaks(text: str, width: int, *, fold: bool = True) -> list[int]:
    """Where a line of text is broken in the same way: offsets that new lines begin at. `fold`: what is wider than a line goes on in the
    next one, and what follows goes on behind it.

    >>> breaks("采集网站的全部文章，使用 --output 指定目录。", 16)
    [8, 13, 25]
    """
    found, offset, column = list[int](), 0, 0
    for part in _parts(text):
        size = cell_len(part.rstrip())
        if column and column + size > width:
            found.append(offset)
            column = 0
        column = (size % width if fold and size > width else column + size) + len(part) - len(part.rstrip())
        offset += len(part)
    return found


def _parts(text: str) -> list[str]:
    """What stays together: a Chinese character with the punctuation behind it, a word with the spaces behind it."""
    parts: list[str] = []
    for character in text:
        is_wide = get_character_cell_size(character) == 2
        last = parts[-1] if parts else " "
        stays = character in NOT_FIRST or character.isspace() or last[-1] in NOT_LAST
        stays = stays or not (is_wide or get_character_cell_size(last[-1]) == 2 or last[-1].isspace())
        if parts and stays:
            parts[-1] += character
        else:
            parts.append(character)
    return parts
