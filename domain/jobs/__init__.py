"""Jobs: gather, let pure functions decide, carry out. One job, one file."""
