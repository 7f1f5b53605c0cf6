"""Client certificates of machines."""

from typing import Protocol

from domain.caller import Caller


class Certificates(Protocol):
    """Says whose a certificate is, if it is to be trusted."""

    def caller(self, certificate: bytes) -> Caller:
        """Return who shows this certificate, and what she may do.

        Args:
            certificate: as it came in the TLS handshake, in DER.

        Raises:
            Untrusted: it is no certificate, or one that is not to be trusted; the sentence says
                why.
        """
        ...
