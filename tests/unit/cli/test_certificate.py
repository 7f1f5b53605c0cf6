"""A machine shows its certificate: to a real TLS server, over https, and to nothing else."""

import ipaddress
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from tests.unit.cli.conftest import run
from tests.unit.cli.samples import status
from tests.unit.cli.stub import Stub, serving

type Key = ec.EllipticCurvePrivateKey

SINCE, UNTIL = datetime(2020, 1, 1, tzinfo=UTC), datetime(2120, 1, 1, tzinfo=UTC)
CA = ec.generate_private_key(ec.SECP256R1())
KEY = ec.generate_private_key(ec.SECP256R1())


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def certificate(subject: str, key: Key, *, authority: bool = False) -> bytes:
    ids = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
    issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(CA.public_key())
    here = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    both = [ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH]
    usage = dict.fromkeys(
        (
            *("content_commitment", "key_encipherment", "data_encipherment", "key_agreement"),
            *("crl_sign", "encipher_only", "decipher_only"),
        ),
        False,
    )
    signs = x509.KeyUsage(digital_signature=not authority, key_cert_sign=authority, **usage)
    builder = (
        x509.CertificateBuilder(_name("A test's authority"), _name(subject), key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(SINCE)
        .not_valid_after(UNTIL)
        .add_extension(x509.BasicConstraints(authority, None), critical=True)
        .add_extension(signs, critical=True)
        .add_extension(ids, critical=False)
        .add_extension(issuer, critical=False)
    )
    if not authority:
        builder = builder.add_extension(here, critical=False)
        builder = builder.add_extension(x509.ExtendedKeyUsage(both), critical=False)
    return builder.sign(CA, SHA256()).public_bytes(Encoding.PEM)


def private(key: Key, encrypted: KeySerializationEncryption | None = None) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, encrypted or NoEncryption())


@dataclass(frozen=True)
class Machine:
    """Files of a machine, and a service that asks for its certificate."""

    stub: Stub
    folder: Path

    def file(self, name: str) -> str:
        return str(self.folder / name)


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Machine]:
    files = {
        "ca.pem": certificate("A test's authority", CA, authority=True),
        "machine.pem": certificate("build.contoso.com", KEY),
        "machine.key": private(KEY),
        "both.pem": certificate("build.contoso.com", KEY) + private(KEY),
        "other.key": private(CA),
        "locked.key": private(KEY, BestAvailableEncryption(b"sesame")),
    }
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=tmp_path / "ca.pem")
    tls.load_cert_chain(tmp_path / "both.pem")
    tls.verify_mode = ssl.CERT_REQUIRED
    with serving(tls) as stub:
        stub.answer("GET", "/status", status())
        yield Machine(stub, tmp_path)


@pytest.mark.parametrize(
    "shown", [("--cert", "machine.pem", "--key", "machine.key"), ("--cert", "both.pem")]
)
def test_who_shows_a_certificate_is_known_by_it(machine: Machine, shown: tuple[str, ...]) -> None:
    options = [each if each.startswith("-") else machine.file(each) for each in shown]
    result = run("status", "--url", machine.stub.url, *options)
    assert result.exit_code == 0, result.stderr
    assert machine.stub.certificates == ["build.contoso.com"]


def test_a_pipeline_says_it_in_its_environment(machine: Machine) -> None:
    told = {"SEATFLOW_CERTIFICATE": "machine.pem", "SEATFLOW_CERTIFICATE_KEY": "machine.key"}
    environment = {name: machine.file(file) for name, file in told.items()}
    assert run("status", "--url", machine.stub.url, **environment).exit_code == 0
    assert machine.stub.certificates == ["build.contoso.com"]


def test_without_one_a_service_that_asks_for_it_is_not_reached(machine: Machine) -> None:
    result = run("status", "--url", machine.stub.url)
    assert result.exit_code == 4
    assert machine.stub.asked == []


@pytest.mark.parametrize(
    ("cert", "key", "sentence"),
    [
        ("none.pem", "", "cannot be used: No such file or directory"),
        ("machine.pem", "", "certificate and key have to be PEM"),
        ("machine.pem", "other.key", "its key belongs to another one"),
        ("machine.pem", "locked.key", "the key without a passphrase"),
        ("", "machine.key", "A key without its certificate"),
    ],
)
def test_files_that_are_no_certificate_are_one_sentence(
    machine: Machine, cert: str, key: str, sentence: str
) -> None:
    given = [("--cert", cert), ("--key", key)]
    options = [each for name, file in given if file for each in (name, machine.file(file))]
    result = run("status", "--url", machine.stub.url, *options)
    assert result.exit_code == 2
    assert sentence in result.stderr


def test_a_certificate_travels_over_https_only(machine: Machine) -> None:
    file = machine.file("both.pem")
    result = run("status", "--url", "http://example.net", "--cert", file)
    assert result.exit_code == 2
    assert "over https only" in result.stderr
