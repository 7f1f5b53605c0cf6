"""Directory and Targets: the same promises from the fakes and from Graph, and Graph's bad days."""
