"""What is known of machines' certificates, read from the settings."""

from collections.abc import Callable, Sequence

from cryptography import x509

from adapters.certificates.granted import read_granted
from adapters.certificates.trusted import TrustedCertificates
from adapters.clock import SystemClock
from adapters.settings import Settings
from domain.errors import Never
from domain.ports import Clock

_CRL = "-----END X509 CRL-----"


def trusted_certificates(settings: Settings, clock: Clock | None = None) -> TrustedCertificates:
    """Return what tells whose certificates are to be trusted.

    Raises:
        Never: a setting makes no sense; the sentence names it.
    """
    return TrustedCertificates(
        _read("CLIENT_CERTIFICATE_ROLES", settings.certificate_roles, read_granted),
        _read("CLIENT_CERTIFICATE_AUTHORITIES", settings.certificate_authorities, _authorities),
        _read("CLIENT_CERTIFICATE_REVOCATIONS", settings.certificate_revocations, _revocations),
        clock or SystemClock(),
    )


def _read[T](name: str, text: str, read: Callable[[str], T]) -> T:
    try:
        return read(text)
    except ValueError as error:
        raise Never(f"Settings: {name}: {error}.", "See docs/settings.md.") from error


def _authorities(text: str) -> Sequence[x509.Certificate]:
    return x509.load_pem_x509_certificates(_pem(text)) if text else ()


def _revocations(text: str) -> Sequence[x509.CertificateRevocationList]:
    parts = [f"{part}{_CRL}" for part in _pem(text).decode().split(_CRL) if part.strip()]
    return [x509.load_pem_x509_crl(part.encode()) for part in parts]


def _pem(text: str) -> bytes:
    """Return PEM whose line breaks some tool may have written as two letters."""
    return text.replace("\\n", "\n").encode()
