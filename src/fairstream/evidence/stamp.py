"""Time stamps by RFC 3161: an authority signs that a package existed at a time.

The stamp is of the package's tag manifest, which through the manifests covers every byte, and lies beside the
package with its receipt: inside it would change what it proves. Only the address a person configured is ever
asked; a closed network exports the request and imports the answer.
"""

import hashlib
import http.client
import urllib.parse
import urllib.request
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any, Final, NamedTuple

from fairstream.errors import FormatError, InputError, LimitError, UsageError
from fairstream.evidence.journal import append_lines, growing, write_new
from fairstream.evidence.stamp_order import sorted_certificates
from fairstream.evidence.verifier import TAGS, NotAPackage, open_package

REQUEST_SUFFIX: Final = ".tsq"
STAMP_SUFFIX: Final = ".tsr"
LARGEST: Final = 1 << 18
"""Bytes of an answer; real ones with all certificates take some ten thousand."""
PATIENCE: Final = 30.0
_TYPE: Final = "application/timestamp-query"


class Stamped(NamedTuple):
    """What a stamp says: when, by whom, its number and policy, and where it lies."""

    at: datetime
    authority: str
    serial: str
    policy: str
    path: Path


def tag_manifest(package: Path) -> bytes:
    """What is stamped. Raises `FormatError` when this is no package."""
    try:
        place = open_package(package)
        if TAGS not in place.names:
            raise NotAPackage(f"it has no {TAGS}")
        with place.open(TAGS) as file:
            content: bytes = file.read()
            return content
    except NotAPackage as error:
        raise FormatError(str(error), file=package, remedy="give a package that was sealed") from None


def write_request(package: Path) -> Path:
    """Write the request for a stamp beside the package, to be carried to an authority by hand."""
    path = _beside(package, REQUEST_SUFFIX)
    _write_new(path, _request(tag_manifest(package)).as_bytes())
    return path


def stamp(package: Path, url: str) -> Stamped:
    """Ask the authority at `url` for a stamp and keep it beside the package.

    Raises `UsageError` when the address does not fit or there is a stamp already, `InputError` when the
    authority cannot be reached or refuses, `FormatError` when its answer is not of this package.
    """
    content = tag_manifest(package)
    if _beside(package, STAMP_SUFFIX).exists():
        raise _already(package)
    request = _request(content)
    return _keep(package, content, _asked(url, request.as_bytes()), request.nonce)


def import_stamp(package: Path, answer: Path) -> Stamped:
    """Keep an answer that was fetched elsewhere, after holding it against the package."""
    if answer.stat().st_size > LARGEST:
        raise LimitError("this is too large for a time stamp", file=answer, remedy="give the .tsr file")
    return _keep(package, tag_manifest(package), answer.read_bytes(), None)


def check_signature(package: Path, authorities: Path) -> Stamped:
    """Verify the stamp beside the package against the certificates (PEM) in `authorities`.

    Raises `InputError` when the signature or its chain of certificates does not hold.
    """
    client = _client()
    from cryptography.x509 import load_pem_x509_certificates

    path = _beside(package, STAMP_SUFFIX)
    if not path.is_file():
        raise UsageError("there is no time stamp beside the package", file=path, remedy="stamp it first")
    content = tag_manifest(package)
    answer = path.read_bytes()[:LARGEST]
    response = _decoded(answer, path)
    try:
        roots = load_pem_x509_certificates(authorities.read_bytes())
        builder = client.VerifierBuilder(roots=list(roots))
        builder.build().verify_message(response, content)
    except (ValueError, client.VerificationError) as error:
        raise InputError(
            f"the time stamp does not hold: {str(error)[:200]}",
            file=path,
            remedy="check that the certificates are of the authority that stamped it",
        ) from None
    return _told(response, path)


def _request(content: bytes) -> Any:
    client = _client()
    builder = client.TimestampRequestBuilder().data(content).hash_algorithm(client.HashAlgorithm.SHA256)
    return builder.nonce(nonce=True).cert_request(cert_request=True).build()


def _asked(url: str, query: bytes) -> bytes:
    """The authority's answer; no other address is followed."""
    parts = urllib.parse.urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise UsageError(
            f"{url!r} is no address of a time-stamp authority", remedy="give one that begins with http(s)://"
        )
    request = urllib.request.Request(url, query, {"Content-Type": _TYPE})  # noqa: S310 - scheme checked
    opener = urllib.request.build_opener(_NoRedirect, urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=PATIENCE) as answer:
            content: bytes = answer.read(LARGEST + 1)
    except (OSError, http.client.HTTPException) as error:
        raise InputError(
            f"the time-stamp authority did not answer: {error}",
            file=url,
            remedy="try again, or write the request with --request and carry it there",
        ) from None
    if len(content) > LARGEST:
        raise LimitError("the answer is too large for a time stamp", file=url, remedy="check the address")
    return content


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Only the address that was configured is ever asked."""

    def redirect_request(self, *_: Any) -> None:
        return None


def _keep(package: Path, content: bytes, answer: bytes, nonce: int | None) -> Stamped:
    path = _beside(package, STAMP_SUFFIX)
    response = _decoded(answer, path)
    info = response.tst_info
    if info.message_imprint.message != hashlib.sha256(content).digest():
        raise FormatError(
            "the time stamp is not of this package", file=path, remedy="ask for a stamp of this package"
        )
    if nonce is not None and info.nonce != nonce:
        raise FormatError("the answer is to another request", file=path, remedy="ask again")
    _write_new(path, answer)
    _note_in_receipt(package, path, answer)
    return _told(response, path)


def _decoded(answer: bytes, path: Path) -> Any:
    client = _client()
    try:
        response = client.decode_timestamp_response(sorted_certificates(answer))
        status = client.PKIStatus(response.status)
        if status not in (client.PKIStatus.GRANTED, client.PKIStatus.GRANTED_WITH_MODS):
            words = ", ".join(response.status_string or [])
            raise InputError(
                f"the authority refused: {status.name}{f' ({words})' if words else ''}",
                file=path,
                remedy="ask the authority why",
            )
        _ = response.tst_info.message_imprint
    except ValueError as error:
        raise FormatError(
            f"this is no answer of a time-stamp authority: {str(error)[:120]}",
            file=path,
            remedy="give the .tsr file as it came",
        ) from None
    return response


def _told(response: Any, path: Path) -> Stamped:
    info = response.tst_info
    policy = info.policy.dotted_string if info.policy else ""
    signers = [_signer(signer, response) for signer in response.signed_data.signer_infos]
    return Stamped(info.gen_time, "; ".join(sorted(signers)), f"{info.serial_number:x}", policy, path)


def _signer(signer: Any, response: Any) -> str:
    """The name of who signed; by whom its certificate was issued, when that is not in the answer."""
    from cryptography.x509 import load_der_x509_certificate

    for content in response.signed_data.certificates:
        with suppress(ValueError):
            found = load_der_x509_certificate(bytes(content))
            if (found.issuer, found.serial_number) == (signer.issuer, signer.serial_number):
                return found.subject.rfc4514_string()
    return f"issued by {signer.issuer.rfc4514_string()}"


def _note_in_receipt(package: Path, path: Path, answer: bytes) -> None:
    """The receipt covers the stamp too, when it still lies beside the package."""
    receipt = _beside(package, ".sha256")
    if receipt.is_file():
        with growing(receipt) as file:
            append_lines(file, [f"{hashlib.sha256(answer).hexdigest()}  {path.name}".encode()])


def _write_new(path: Path, content: bytes) -> None:
    """Write a file that is not there yet."""
    try:
        write_new(path, content)
    except FileExistsError:
        raise _already(path) from None


def _already(path: Path) -> UsageError:
    return UsageError(
        "there is one already, and evidence is never overwritten", file=path, remedy="keep it elsewhere first"
    )


def _beside(package: Path, suffix: str) -> Path:
    package = package if package.name else package.resolve()
    return package.with_name(package.name + suffix)


def _client() -> Any:
    try:
        import rfc3161_client
    except ImportError:
        raise UsageError(
            "time stamps need a part that is not installed", remedy='pip install "fairstream[stamp]"'
        ) from None
    return rfc3161_client
