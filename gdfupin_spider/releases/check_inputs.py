"""Inputs of the checks, collected article by article; see also `previous`."""

from collections.abc import Callable
from dataclasses import dataclass, field

from ..items import Article, Attachment, Image, Proof
from ..ledger.boilerplate import BoilerplateChecker
from ..messages.text import COLON, joined
from ..profiles import Profile
from ..storage.json_rows import ArticleRow

SHOWN = 5
"""Examples that are listed."""
_TEXTS = ("title", "source", "author", "section", "info_line", "body")
_NOT_EMPTY = ("id", "url", "title", "content_sha256", "captured_at", "origin", "encoding", "reader")
_NOT_BLANK = ("date", "source", "author", "section", "info_line")


@dataclass(slots=True)
class Examples:
    """A count with the first examples."""

    count: int = 0
    examples: list[str] = field(default_factory=list)

    def add(self, example: str) -> None:
        self.count += 1
        if len(self.examples) < SHOWN:
            self.examples.append(example)

    def sentences(self, head: Callable[[int], str]) -> list[str]:
        """One sentence, with examples; none if the count is 0. `head`: the sentence with the count."""
        if not self.count:
            return []
        more = ["…"] if self.count > len(self.examples) else []
        return [joined((head(self.count), joined([*self.examples, *more])), COLON)]


class ArticleChecks:
    """Takes each article of the release once, in the order of ids."""

    def __init__(self, profile: Profile, broken: frozenset[tuple[str, int]]) -> None:
        """`broken`: captures (WARC, offset) for which a crawl noted broken bytes."""
        self._broken = broken
        self._leaks = BoilerplateChecker(profile, ends_only=True)
        self._last = ""
        self.replaced, self.empty, self.disordered, self.unproven, self.digests = (Examples() for _ in range(5))

    def add(self, row: ArticleRow) -> None:
        article = as_article(row)
        self._leaks.article(article)
        if article.id <= self._last:
            self.disordered.add(f"{article.id} behind {self._last}")
        self._last = article.id
        noted = any((proof.warc, proof.offset) in self._broken for proof in article.captures)
        for name in _TEXTS:
            if not noted and "\ufffd" in (getattr(article, name) or ""):
                self.replaced.add(f"{name} of {article.id}")
        for name in _NOT_EMPTY:
            if not getattr(article, name):
                self.empty.add(f"{name} of {article.id}")
        for name in _NOT_BLANK:
            if getattr(article, name) == "":
                self.empty.add(f"{name} of {article.id}")
        if not (article.body or article.images or article.attachments):
            self.empty.add(f"body of {article.id}")
        if not article.captures:
            self.unproven.add(article.id)
        if article.digest() != article.content_sha256:
            self.digests.add(article.id)

    def recurring(self) -> list[tuple[str, int]]:
        """(line, number of articles) of lines that recur in bodies."""
        return [(each.line, each.articles) for each in self._leaks.recurring()]


def as_article(row: ArticleRow) -> Article:
    """The article of a row of a release, whose values are not checked."""
    return Article(
        id=row["id"],
        url=row["url"],
        title=row["title"],
        date=row["date"],
        source=row["source"],
        author=row["author"],
        section=row["section"],
        breadcrumb=tuple(row["breadcrumb"]),
        info_line=row["info_line"],
        body=row["body"],
        images=tuple(Image(**image) for image in row["images"]),
        attachments=tuple(Attachment(**file) for file in row["attachments"]),
        content_sha256=row["content_sha256"],
        captured_at=row["captured_at"],
        origin=row["origin"],
        captures=tuple(Proof(**proof) for proof in row["captures"]),
        encoding=row["encoding"],
        reader=row["reader"],
    )
