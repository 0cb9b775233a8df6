"""Signatures of WACZ files: who signed the hash of the data package, and whether that holds.

An anonymous signature (``publicKey``) proves that the holder of a key signed this hash and nothing more;
a domain's signature (``domain``, ``domainCert``) that the holder of a domain's certificate did. The signature
is ECDSA over the text of the hash: as WebCrypto writes it (r and s joined) or as DER. The certificate's own
chain of trust and the time stamp are not checked here, and the verdict says so.
"""

import base64
import binascii
import contextlib
from typing import Any, Final, Literal, NamedTuple

from fairstream.evidence.pages_warc import when

_DOMAIN_LEFT: Final = "the certificate's chain of trust and the time stamp were not checked"


class Verdict(NamedTuple):
    """Whose signature it is, how the check came out, and in words what was and was not checked."""

    signer: str
    kind: Literal["anonymous", "domain", "unknown"]
    state: Literal["holds", "broken", "unchecked"]
    detail: str


def verify_signature(signed: dict[str, Any], actual: str) -> Verdict:
    """Check ``signedData`` against the hash of the data package (``sha256:…``) that was computed.

    Without the package `cryptography` (it comes with ``fairstream[stamp]``) the verdict is "unchecked".
    """
    kind: Literal["anonymous", "domain", "unknown"] = (
        "domain" if signed.get("domainCert") else "anonymous" if signed.get("publicKey") else "unknown"
    )
    domain = str(signed.get("domain") or "")[:253]
    signer = domain if kind == "domain" else str(signed.get("publicKey") or "")[:32]
    if str(signed.get("hash", "")).lower() != actual:
        return Verdict(signer, kind, "broken", "the signed hash is not that of the data package")
    if kind == "unknown":
        return Verdict(signer, kind, "unchecked", "neither a public key nor a certificate")
    try:
        import cryptography  # noqa: F401
    except ImportError:
        return Verdict(signer, kind, "unchecked", 'the check needs pip install "fairstream[stamp]"')
    try:
        signature = base64.b64decode(str(signed.get("signature", "")), validate=True)
    except (binascii.Error, ValueError):
        return Verdict(signer, kind, "broken", "the signature is not base64")
    said = str(signed["hash"]).encode()
    if kind == "anonymous":
        return _anonymous(signer, str(signed["publicKey"]), signature, said)
    return _domain(domain, signed, signature, said)


def _anonymous(signer: str, encoded: str, signature: bytes, said: bytes) -> Verdict:
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.serialization import load_der_public_key

    try:
        key = load_der_public_key(base64.b64decode(encoded, validate=True))
    except (ValueError, UnsupportedAlgorithm):
        return Verdict(signer, "anonymous", "broken", "the public key cannot be read")
    if _signed_by(key, signature, said):
        return Verdict(
            signer, "anonymous", "holds", "signed by the holder of this key; nobody vouches who that is"
        )
    return Verdict(signer, "anonymous", "broken", "the signature does not fit the key")


def _domain(domain: str, signed: dict[str, Any], signature: bytes, said: bytes) -> Verdict:
    from cryptography import x509

    try:
        leaf = x509.load_pem_x509_certificates(str(signed["domainCert"]).encode())[0]
    except (ValueError, IndexError):
        return Verdict(domain, "domain", "broken", "the certificate cannot be read")
    if not _signed_by(leaf.public_key(), signature, said):
        return Verdict(domain, "domain", "broken", "the signature does not fit the certificate")
    names: list[str] = []
    with contextlib.suppress(x509.ExtensionNotFound, ValueError):
        extension = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName)
        names = extension.value.get_values_for_type(x509.DNSName)
    if domain not in names:
        return Verdict(
            domain, "domain", "broken", f"the certificate is for {', '.join(names)[:200] or 'no domain'}"
        )
    created = when(str(signed.get("created") or ""))
    if created is None or not leaf.not_valid_before_utc <= created <= leaf.not_valid_after_utc:
        return Verdict(domain, "domain", "broken", "the certificate was not valid at the time stated")
    return Verdict(domain, "domain", "unchecked", f"signature, domain and dates fit; {_DOMAIN_LEFT}")


def _signed_by(key: Any, signature: bytes, said: bytes) -> bool:
    """Whether a key signed this: ECDSA (r and s joined, or DER) or RSA PKCS #1 v1.5; SHA-256 or SHA-384."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
    from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
    from cryptography.hazmat.primitives.hashes import SHA256, SHA384

    for algorithm in (SHA256(), SHA384()):
        with contextlib.suppress(InvalidSignature, ValueError):
            if isinstance(key, rsa.RSAPublicKey):
                key.verify(signature, said, padding.PKCS1v15(), algorithm)
                return True
            if not isinstance(key, ec.EllipticCurvePublicKey):
                return False
            half = (key.curve.key_size + 7) // 8
            if len(signature) == 2 * half:
                r, s = (int.from_bytes(part, "big") for part in (signature[:half], signature[half:]))
                signature_der = encode_dss_signature(r, s)
            else:
                signature_der = signature
            key.verify(signature_der, said, ec.ECDSA(algorithm))
            return True
    return False
