"""Revocation lists: signed by one of our authorities, and not out of date."""

from collections.abc import Sequence
from datetime import datetime

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm

from domain.errors import Untrusted


def check_not_revoked(
    certificate: x509.Certificate,
    issuer: x509.Certificate,
    lists: Sequence[x509.CertificateRevocationList],
    now: datetime,
) -> None:
    """Look a certificate up in the lists of its issuer; no lists at all means nobody looks.

    Raises:
        Untrusted: it is revoked; or there are lists, and none of its issuer that is good now: what
            is not known is not taken as fine.
    """
    if not lists:
        return
    good = [each for each in lists if _is_good(each, issuer, now)]
    if not good:
        raise Untrusted(
            "There is no revocation list of the certificate's issuer that is valid now.",
            "Put a new one into CLIENT_CERTIFICATE_REVOCATIONS.",
        )
    serial = certificate.serial_number
    if any(each.get_revoked_certificate_by_serial_number(serial) for each in good):
        raise Untrusted("The certificate is revoked.", "Show a new one.")


def _is_good(each: x509.CertificateRevocationList, issuer: x509.Certificate, now: datetime) -> bool:
    ends = each.next_update_utc
    if each.issuer != issuer.subject or each.last_update_utc > now or (ends and ends < now):
        return False
    try:
        return each.is_signature_valid(issuer.public_key())  # type: ignore[arg-type]
    except (InvalidSignature, TypeError, UnsupportedAlgorithm):
        return False  # an issuer whose key signs no lists
