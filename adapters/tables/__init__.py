"""Azure Tables: what is small, mutable and looked up by key."""
