"""Images and attachments of a body."""

from collections.abc import Sequence
from urllib.parse import unquote_to_bytes

from ...items import Attachment, Image
from ..dom.document import Document, Line
from ..dom.file_links import is_file, is_ornament, source
from ..links.urls import absolute
from ..rule import LimitRule, PatternRule, Rule
from ..text.decode import decode

_CAPTION = PatternRule(
    "caption-end",
    "A caption has no punctuation at its end; a sentence has.",
    r"[。！？；：，][”’』」）)]*$",
    pages="gdfupin/body-of-verses-with-a-picture-between gdfupin/picture-in-the-middle-of-a-paragraph",
)
_CAPTION_LENGTH = LimitRule(
    "caption-length",
    "A longer line below a picture is text, not a caption.",
    60,
    10**6,
    pages="gdfupin/caption-longer-than-a-line",
)


def images(doc: Document, body: Sequence[Line], url: str, encoding: str) -> list[Image]:
    """The images of a body in page order, each with its caption or None."""
    base = absolute(doc.base, url, encoding) or url if doc.base else url
    found: list[Image] = []
    only = all(
        line.images or (position and body[position - 1].images and line.size <= _CAPTION_LENGTH.value)
        for position, line in enumerate(body)
    )
    for position, line in enumerate(body):
        for image in line.images:
            if is_ornament(image):
                continue
            target = absolute(source(image), base, encoding)
            if target:
                found.append(
                    Image(
                        target,
                        body[position + 1].text
                        if only and not line.text and position + 1 < len(body) and body[position + 1].text
                        else _caption(body, position),
                    )
                )
    return found


def _caption(body: Sequence[Line], position: int) -> str | None:
    """The caption of an image: a short line below it, in the same cell or figure or centred, that is not a sentence."""
    line = body[position]
    if line.text:
        # Text in the same block as the picture, which has nothing else.
        alone = (
            line.size <= _CAPTION_LENGTH.value
            and len(line.images) == 1
            and not line.linked
            and not _CAPTION.search(line.text)
        )
        return line.text if alone and line.block.end - line.block.start == 1 else None
    following = body[position + 1] if position + 1 < len(body) else None
    if (
        following is None
        or following.index > line.index + 1
        or not following.text
        or following.images
        or following.linked
    ):
        return None
    if following.size > _CAPTION_LENGTH.value or (
        "。" in following.text and not following.text.startswith(("图", "（图", "▲", "△"))
    ):
        return None
    block = following.block
    if (
        block.tag == "p"
        and block is not line.block
        and _CAPTION.search(following.text)
        and not following.text.startswith("图")
    ):
        return None
    close = (
        block.tag in ("figcaption", "caption")
        or block.attribute("align").lower() == "center"
        or "center" in block.attribute("style").lower()
        or any(outer.tag == "center" for outer in block.ancestors())
    )
    return following.text if close or (block is line.block and not _CAPTION.search(following.text)) else None


def attachments(body: Sequence[Line], doc: Document, url: str, encoding: str) -> list[Attachment]:
    """The attachments of a body, in page order."""
    base = absolute(doc.base, url, encoding) or url if doc.base else url
    return [
        Attachment(target, anchor.text or _file_name(target))
        for line in body
        for anchor in line.anchors
        if is_file(anchor) and (target := absolute(anchor.attribute("href"), base, encoding))
    ]


_FILE_NAME_OF_LINK = Rule(
    "file-name-of-link",
    "A link to a file without text is named by its address.",
    pages="gdfupin/attachment-beside-its-word",
)


def _file_name(url: str) -> str:
    """The file name in a URL, percent-decoded in the encoding that reads as text."""
    if not _FILE_NAME_OF_LINK.on:
        return ""
    return decode(unquote_to_bytes(url.partition("?")[0].rpartition("/")[2]))[0]
