"""The calls of the surface by what they are about: each module has its rows of the table."""
