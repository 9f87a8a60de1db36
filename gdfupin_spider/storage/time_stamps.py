"""Time stamps by RFC 3161: that a report existed at a time, signed by an authority that is not the operator.

A stamp signs the SHA-256 of the `report.json` of one crawl, and by the chain of reports all crawls before it. It is kept as the
authority sent it, `stamps/CRAWL.tsr`. The tools of others check it, too:

    openssl ts -verify -data crawls/CRAWL/report.json -in stamps/CRAWL.tsr -CAfile roots.pem
"""

import ssl
import urllib.request
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.parse import urlsplit

from .. import data_files
from ..errors import AuthorityFails, NotInstalled, WrongSetting
from ..messages.text import N_

FOLDER = "stamps"
SECONDS = 30.0
"""For an answer of the authority."""
MOST_BYTES = 100_000
"""Of an answer; a stamp with its certificates has some 6,000."""

SYSTEM_ROOTS = "/etc/ssl/certs/ca-certificates.crt"
"""Where Debian and others keep the root certificates, for a Python that was built to look elsewhere."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a stamp says, once it is checked."""

    at: datetime
    """UTC, by the clock of the authority."""
    authority: str
    """Name in its certificate."""


@dataclass(frozen=True)
class StampSettings:
    """[stamps] of operator.toml."""

    authority: str = ""
    """URL of a time stamping authority; see docs/safety.md."""
    certificates: str = ""
    """PEM file of the root certificates that are trusted, absolute or below the archive; empty: those of this system."""


class WrongStamp(Exception):
    """Why a stamp proves nothing: it is damaged, or its authority is not trusted."""


def requested(report: Path, authority: str, roots: Sequence[Any]) -> tuple[bytes, Stamp]:
    """A stamp of a report as the authority sends it, and what it says. Raises AuthorityFails, NotInstalled, OSError."""
    library = _library()
    content = report.read_bytes()
    request = library.TimestampRequestBuilder(data=content, hash_algorithm=library.HashAlgorithm.SHA256).build()
    headers = {"Content-Type": "application/timestamp-query", "Accept": "application/timestamp-reply"}
    host = urlsplit(authority).netloc
    try:
        asked = urllib.request.Request(authority, request.as_bytes(), headers)
        with urllib.request.urlopen(asked, timeout=SECONDS) as answer:
            payload = bytes(answer.read(MOST_BYTES + 1))
    except (URLError, OSError, ValueError) as error:
        raise AuthorityFails(host, str(getattr(error, "reason", error))) from None
    try:
        info = _decoded(payload).tst_info
        if info.nonce != request.nonce or info.message_imprint.message != request.message_imprint.message:
            raise AuthorityFails(host, N_("it stamped something else than what was sent"))
        return payload, verified(payload, roots)
    except WrongStamp as error:
        raise AuthorityFails(host, str(error)) from None


def signed_digest(payload: bytes) -> str:
    """The SHA-256 that a stamp signs, as hexadecimal digits. Raises WrongStamp, NotInstalled."""
    return str(_decoded(payload).tst_info.message_imprint.message.hex())


def verified(payload: bytes, roots: Sequence[Any]) -> Stamp:
    """What a stamp says, where its signature is good and one of these certificates vouches for its authority.

    The certificates must have been valid at the time of the stamp. Raises WrongStamp, NotInstalled.
    """
    library, response = _library(), _decoded(payload)
    try:
        library.VerifierBuilder(roots=list(roots)).build().verify(response, response.tst_info.message_imprint.message)
    except library.VerificationError as error:
        raise WrongStamp(
            N_(
                "its signature cannot be trusted: {error} ([stamps] certificates in operator.toml: the roots "
                "that are trusted)",
                error=error,
            )
        ) from None
    return Stamp(response.tst_info.gen_time, _signer(response))


def roots_of(file: str, folder: Path) -> list[Any]:
    """The certificates that vouch for authorities: of a PEM file, below `folder` if its path is relative, else of this system.

    Raises WrongSetting, NotInstalled.
    """
    _library()
    x509 = import_module("cryptography.x509")
    path = folder / file if file else Path(ssl.get_default_verify_paths().cafile or SYSTEM_ROOTS)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about old certificates among those of the system
            return list(x509.load_pem_x509_certificates(data_files.content(path, data_files.SETTINGS)))
    except (OSError, ValueError) as error:
        raise WrongSetting(str(path), "", N_("no certificates can be read: {error}", error=error)) from None


def _decoded(payload: bytes) -> Any:
    """A granted response with a stamp. Raises WrongStamp."""
    library = _library()
    if len(payload) > MOST_BYTES:
        raise WrongStamp(N_("it has more than {most_bytes:,} bytes", most_bytes=MOST_BYTES))
    try:
        response = library.decode_timestamp_response(payload)
        granted = library.PKIStatus(response.status) == library.PKIStatus.GRANTED
        response.tst_info  # noqa: B018  raises where there is no stamp
    except ValueError as error:
        raise WrongStamp(N_("it is no time stamp: {error}", error=str(error)[:120])) from None
    if not granted:
        raise WrongStamp(N_("the authority refused to stamp"))
    return response


def _signer(response: Any) -> str:
    """The common name of the certificate that signed."""
    x509 = import_module("cryptography.x509")
    [signer] = response.signed_data.signer_infos
    for each in map(x509.load_der_x509_certificate, response.signed_data.certificates):
        if each.serial_number == signer.serial_number:
            names = each.subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)
            return str(names[0].value) if names else str(each.subject.rfc4514_string())
    return "unknown"


def _library() -> Any:
    """rfc3161-client. Raises NotInstalled."""
    try:
        return import_module("rfc3161_client")
    except ImportError:
        raise NotInstalled("rfc3161-client", N_("time stamps"), "stamp") from None
