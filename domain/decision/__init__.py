"""Decision: what policy asks for, compared with what is, as changes: pure functions over values."""
