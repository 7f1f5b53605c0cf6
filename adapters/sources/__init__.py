"""Where the further kinds of facts come from: one module a kind, under the kind's own name."""
