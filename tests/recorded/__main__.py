"""Records what this program reads: some two minutes."""

import json
import tempfile
from pathlib import Path
from typing import Any

from tests import recorded
from tests.epochs import observed
from tests.sites import crawl_replica
from tests.test_epochs import RECORDED as EPOCHS
from tests.test_recorded_lines import MARKUPS


def crawls() -> dict[str, Any]:
    answer = {}
    for markup in MARKUPS:
        with tempfile.TemporaryDirectory() as folder:
            crawl, _ = crawl_replica(Path(folder), markup)
            assert crawl.folder is not None, crawl.log
            answer[markup] = recorded.of_crawl(crawl.folder)
    return answer


def epochs() -> dict[str, list[str]]:
    with tempfile.TemporaryDirectory() as folder:
        observed(Path(folder), EPOCHS, extract=True)
        return {EPOCHS: recorded.of_changes(Path(folder))}


def main() -> None:
    answer = {
        "crawls": crawls(),
        "epochs": epochs(),
        "generated": {name: recorded.of_generated(dress) for name, dress in recorded.names().items()},
        "corpus": recorded.of_corpus(),
    }
    recorded.FILE.write_text(json.dumps(answer, ensure_ascii=False, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
