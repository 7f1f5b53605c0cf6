"""One machine: setup, the local functions host, and the command that starts the whole stack."""
