"""Client certificates: valid, expired, from elsewhere, for something else, revoked, or none."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from adapters.certificates.granted import read_granted
from adapters.certificates.read import trusted_certificates
from adapters.settings import Settings
from domain.caller import Caller, Role
from domain.errors import Never, Untrusted
from tests.fakes.clock import FakeClock

NOW = FakeClock().now()
DAY = timedelta(days=1)
NAME = "build.contoso.com"

type Key = ec.EllipticCurvePrivateKey


@cache
def key(name: str) -> Key:
    return ec.generate_private_key(ec.SECP256R1())


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def authority(name: str = "Contoso CA") -> x509.Certificate:
    public = key(name).public_key()
    return (
        x509.CertificateBuilder()
        .subject_name(_name(name))
        .issuer_name(_name(name))
        .public_key(public)
        .serial_number(1)
        .not_valid_before(NOW - 365 * DAY)
        .not_valid_after(NOW + 365 * DAY)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(
            x509.KeyUsage(
                **dict.fromkeys(
                    (
                        "digital_signature",
                        "content_commitment",
                        "key_encipherment",
                        "data_encipherment",
                        "key_agreement",
                        "encipher_only",
                        "decipher_only",
                    ),
                    False,
                ),
                key_cert_sign=True,
                crl_sign=True,
            ),
            critical=True,
        )
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        .sign(key(name), SHA256())
    )


def machine(
    issuer: str = "Contoso CA",
    *,
    name: str = NAME,
    serial: int = 7,
    since: datetime = NOW - DAY,
    until: datetime = NOW + 30 * DAY,
    usage: x509.ObjectIdentifier | None = ExtendedKeyUsageOID.CLIENT_AUTH,
) -> x509.Certificate:
    builder = (
        x509.CertificateBuilder()
        .subject_name(_name(name))
        .issuer_name(_name(issuer))
        .public_key(key("machine").public_key())
        .serial_number(serial)
        .not_valid_before(since)
        .not_valid_after(until)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(key(issuer).public_key()),
            critical=False,
        )
    )
    if usage:
        builder = builder.add_extension(x509.ExtendedKeyUsage([usage]), critical=False)
    return builder.sign(key(issuer), SHA256())


def revocations(
    *serials: int, issuer: str = "Contoso CA", signer: str = "", ends: datetime = NOW + DAY
) -> str:
    builder = x509.CertificateRevocationListBuilder().issuer_name(_name(issuer))
    builder = builder.last_update(NOW - DAY).next_update(ends)
    for serial in serials:
        revoked = x509.RevokedCertificateBuilder().serial_number(serial)
        builder = builder.add_revoked_certificate(revoked.revocation_date(NOW - DAY).build())
    return builder.sign(key(signer or issuer), SHA256()).public_bytes(Encoding.PEM).decode()


def pem(*certificates: x509.Certificate) -> str:
    return "".join(each.public_bytes(Encoding.PEM).decode() for each in certificates)


def caller(shown: x509.Certificate | bytes, **changes: str) -> Caller:
    """Return who shows a certificate to an app that knows one authority and one machine."""
    environment = {
        "STORAGE_TABLES_URL": "https://seatflow.table.core.windows.net",
        "STORAGE_BLOBS_URL": "https://seatflow.blob.core.windows.net",
        "ServiceBus__fullyQualifiedNamespace": "seatflow.servicebus.windows.net",
        "CLIENT_CERTIFICATE_AUTHORITIES": pem(authority()),
        "CLIENT_CERTIFICATE_ROLES": f"{NAME} = PolicyAdmin + Reader",
    }
    settings = Settings.from_environment(environment | changes)
    der = shown if isinstance(shown, bytes) else shown.public_bytes(Encoding.DER)
    return trusted_certificates(settings, FakeClock()).caller(der)


def test_a_machine_that_our_authority_vouches_for_has_the_roles_of_its_name() -> None:
    assert caller(machine()) == Caller(NAME, frozenset({Role.POLICY_ADMIN, Role.READER}))


@pytest.mark.parametrize("escaped", [pem(authority()).replace("\n", "\\n")])
def test_line_breaks_that_a_tool_escaped_are_read(escaped: str) -> None:
    assert caller(machine(), CLIENT_CERTIFICATE_AUTHORITIES=escaped).name == NAME


STRANGE: dict[str, Callable[[], x509.Certificate | bytes]] = {
    "expired": lambda: machine(until=NOW - timedelta(seconds=1)),
    "not valid yet": lambda: machine(since=NOW + timedelta(seconds=1)),
    "of another authority": lambda: machine("Fabrikam CA"),
    "for a server": lambda: machine(usage=ExtendedKeyUsageOID.SERVER_AUTH),
    "self-signed with the right subject": lambda: machine(NAME),
    "self-signed in the name of the authority": lambda: _forged(),
    "the authority's own": authority,
    "of a machine nobody named": lambda: machine(name="other.contoso.com"),
    "garbage": lambda: b"garbage",
    "empty": lambda: b"",
    "cut off": lambda: machine().public_bytes(Encoding.DER)[:-1],
}


def _forged() -> x509.Certificate:
    """Return one that says it is from our authority, and is signed by another key."""
    return (
        x509.CertificateBuilder()
        .subject_name(_name(NAME))
        .issuer_name(_name("Contoso CA"))
        .public_key(key("machine").public_key())
        .serial_number(7)
        .not_valid_before(NOW - DAY)
        .not_valid_after(NOW + DAY)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH]), critical=False)
        .sign(key("Mallory"), SHA256())
    )


@pytest.mark.parametrize("kind", STRANGE)
def test_a_certificate_that_is_not_to_be_trusted_is_refused(kind: str) -> None:
    with pytest.raises(Untrusted):
        caller(STRANGE[kind]())


def test_without_an_authority_no_name_is_believed() -> None:
    with pytest.raises(Untrusted, match="none of those this app knows"):
        caller(machine(), CLIENT_CERTIFICATE_AUTHORITIES="")


# Revocation.


@pytest.mark.parametrize(
    ("lists", "words"),
    [
        (revocations(7), "is revoked"),
        (revocations(3, 7, 9) + revocations(issuer="Fabrikam CA"), "is revoked"),
        (revocations(ends=NOW - timedelta(seconds=1)), "no revocation list"),
        (revocations(signer="Mallory"), "no revocation list"),
        (revocations(issuer="Fabrikam CA"), "no revocation list"),
    ],
    ids=["revoked", "among others", "out of date", "forged", "of another authority"],
)
def test_a_revoked_one_and_one_nobody_can_vouch_for_are_refused(lists: str, words: str) -> None:
    with pytest.raises(Untrusted, match=words):
        caller(machine(), CLIENT_CERTIFICATE_REVOCATIONS=lists)


def test_one_that_is_not_on_the_list_is_fine() -> None:
    assert caller(machine(), CLIENT_CERTIFICATE_REVOCATIONS=revocations(8)).name == NAME


# Thumbprints.


def by_thumbprint(shown: x509.Certificate) -> dict[str, str]:
    roles = f"sha256:{shown.fingerprint(SHA256()).hex(':').upper()}=Operator"
    return {"CLIENT_CERTIFICATE_ROLES": roles, "CLIENT_CERTIFICATE_AUTHORITIES": ""}


def test_a_listed_thumbprint_is_that_one_certificate_whoever_made_it() -> None:
    shown = machine(NAME)
    assert caller(shown, **by_thumbprint(shown)).roles == {Role.OPERATOR}
    with pytest.raises(Untrusted):
        caller(machine(NAME, serial=8), **by_thumbprint(shown))


@pytest.mark.parametrize(
    "changes",
    [
        {"until": NOW - timedelta(seconds=1)},
        {"since": NOW + timedelta(seconds=1)},
        {"usage": ExtendedKeyUsageOID.SERVER_AUTH},
        {"usage": None},
    ],
)
def test_a_thumbprint_does_not_vouch_for_dates_and_usage(changes: dict[str, Any]) -> None:
    shown = machine(NAME, **changes)
    with pytest.raises(Untrusted):
        caller(shown, **by_thumbprint(shown))


# Settings.


@pytest.mark.parametrize(
    "text", ["build", "build=", "=Reader", "build=Boss", "build=Reader+Boss", "sha256:12=Reader"]
)
def test_roles_that_make_no_sense_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"expected"):
        read_granted(text)
    with pytest.raises(Never, match="Settings: CLIENT_CERTIFICATE_ROLES"):
        caller(machine(), CLIENT_CERTIFICATE_ROLES=text)


def test_several_machines_are_read() -> None:
    granted = read_granted(f"a=Reader; B.c = Approver+Operator ;sha256:{'AB' * 32}=Reader;")
    assert dict(granted.names) == {
        "a": {Role.READER},
        "b.c": {Role.APPROVER, Role.OPERATOR},
    }
    assert set(granted.thumbprints) == {"ab" * 32}


def test_an_authority_that_is_no_certificate_is_refused() -> None:
    with pytest.raises(Never, match="Settings: CLIENT_CERTIFICATE_AUTHORITIES"):
        caller(machine(), CLIENT_CERTIFICATE_AUTHORITIES="-----BEGIN NONSENSE-----")
