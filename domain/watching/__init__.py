"""Watching: what notifications tell of, whether it concerns a bundle, and how far they are true."""
