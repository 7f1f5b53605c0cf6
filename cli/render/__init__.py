"""Answers as people read them. Each module writes one kind of answer; nothing here asks."""
