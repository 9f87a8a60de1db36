"""Writes gdfupin_spider/search/chinese_scripts.tsv: python docs/chinese_scripts.py, after pip install opencc-python-reimplemented==0.1.7.

Each row has a simplified character and the traditional ones that are searched as it. Of several simplified forms the first one of
OpenCC is taken.
"""

import importlib
from collections import defaultdict
from pathlib import Path

FILE = Path(__file__).parent.parent / "gdfupin_spider" / "search" / "chinese_scripts.tsv"


def main() -> None:
    package = Path(importlib.import_module("opencc").__file__ or "").parent
    first: dict[str, str] = {}
    for line in (package / "dictionary" / "TSCharacters.txt").read_text("utf-8").splitlines():
        traditional, forms = line.split("\t")
        first[traditional] = forms.split(" ")[0]
    rows: dict[str, list[str]] = defaultdict(list)
    for traditional in first:
        simplified = traditional
        while first.get(simplified, simplified) != simplified:  # a form that is itself written simpler
            simplified = first[simplified]
        if simplified != traditional:
            rows[simplified].append(traditional)
    FILE.write_text("".join(f"{each}\t{''.join(sorted(rows[each]))}\n" for each in sorted(rows)), "utf-8")
    print(f"{sum(map(len, rows.values())):,} traditional characters written: {FILE.name}")


if __name__ == "__main__":
    main()
