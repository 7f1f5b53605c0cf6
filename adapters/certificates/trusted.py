"""The `Certificates` port, with the cryptography package.

App Service hands over a client's certificate without looking at it (docs: configure TLS mutual
authentication), so everything is checked here: who issued it, its dates, what it is for, and
whether it is revoked. That the caller has the key is what the TLS handshake proved.
"""

from collections.abc import Sequence
from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509.oid import ExtendedKeyUsageOID
from cryptography.x509.verification import PolicyBuilder, Store, VerificationError

from adapters.certificates.granted import Granted, Roles
from adapters.certificates.revocations import check_not_revoked
from domain.caller import Caller
from domain.errors import Untrusted
from domain.ports import Clock

_FIX = "Show one that is issued for client authentication by an authority this app knows."


class TrustedCertificates:
    """Trusts what our authorities issued, and single certificates by their thumbprint."""

    def __init__(
        self,
        granted: Granted,
        authorities: Sequence[x509.Certificate],
        revocations: Sequence[x509.CertificateRevocationList],
        clock: Clock,
    ) -> None:
        self._granted = granted
        self._authorities = list(authorities)
        self._revocations = list(revocations)
        self._clock = clock

    def caller(self, certificate: bytes) -> Caller:
        """Return who shows this certificate, and what she may do; see the port."""
        try:
            shown = x509.load_der_x509_certificate(certificate)
            return self._caller(shown, self._clock.now())
        except ValueError as error:
            raise Untrusted("What was shown is no certificate.", _FIX) from error

    def _caller(self, shown: x509.Certificate, now: datetime) -> Caller:
        thumbprint = shown.fingerprint(SHA256()).hex()
        if thumbprint in self._granted.thumbprints:
            _check_by_itself(shown, now)
            name = f"certificate {thumbprint[:16]}"
            return Caller(name, self._granted.thumbprints[thumbprint])
        self._check_chain(shown, now)
        return _named(shown, self._granted)

    def _check_chain(self, shown: x509.Certificate, now: datetime) -> None:
        if not self._authorities:
            raise Untrusted("The certificate is none of those this app knows.", _FIX)
        policy = PolicyBuilder().store(Store(self._authorities)).time(now.replace(tzinfo=None))
        try:
            verified = policy.build_client_verifier().verify(shown, [])
        except VerificationError as error:
            why = str(error).removeprefix("validation failed: ")
            raise Untrusted(f"The certificate is not to be trusted: {why}.", _FIX) from error
        check_not_revoked(shown, verified.chain[1], self._revocations, now)


def _check_by_itself(shown: x509.Certificate, now: datetime) -> None:
    """Check what a thumbprint does not vouch for: the dates, and what it is for."""
    if not shown.not_valid_before_utc <= now <= shown.not_valid_after_utc:
        raise Untrusted("The certificate is expired, or not valid yet.", "Show a new one.")
    try:
        usage = shown.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except x509.ExtensionNotFound:
        usage = x509.ExtendedKeyUsage([])
    if ExtendedKeyUsageOID.CLIENT_AUTH not in usage:
        raise Untrusted("The certificate is not for client authentication.", _FIX)


def _named(shown: x509.Certificate, granted: Granted) -> Caller:
    names = shown.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    told = [
        *names.get_values_for_type(x509.DNSName),
        *names.get_values_for_type(x509.RFC822Name),
    ]
    for name in told:
        roles: Roles | None = granted.names.get(name.lower())
        if roles:
            return Caller(name.lower(), roles)
    raise Untrusted(
        "The certificate is good, and none of its names may do anything here.",
        "Name it in CLIENT_CERTIFICATE_ROLES.",
    )
