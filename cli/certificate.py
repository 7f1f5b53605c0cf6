"""A certificate that this machine shows to the service, as docs/security.md says of machines."""

import ssl
from dataclasses import dataclass

from cli.errors import WrongInput


@dataclass(frozen=True)
class Certificate:
    """Files in PEM; the key may stand in the file of the certificate."""

    file: str
    key: str = ""

    def context(self) -> ssl.SSLContext:
        """Return how to speak TLS with it.

        Raises:
            WrongInput: there is no such certificate, or the key is not its.
        """
        context = ssl.create_default_context()
        try:
            # Nobody is there in a pipeline to type a passphrase, and none is asked for.
            context.load_cert_chain(self.file, self.key or None, password=lambda: b"")
        except OSError as error:
            raise WrongInput(
                f"The certificate {self.file} cannot be used: {_why(error)}."
            ) from None
        return context


def _why(error: OSError) -> str:
    if not isinstance(error, ssl.SSLError):
        return error.strerror or str(error)
    if error.reason == "KEY_VALUES_MISMATCH":
        return "its key belongs to another one"
    return "certificate and key have to be PEM, and the key without a passphrase"
