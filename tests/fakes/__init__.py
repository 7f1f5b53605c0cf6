"""Fakes of the ports: in memory, and admitted only because they pass the contract tests."""
