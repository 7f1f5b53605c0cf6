"""What is true and what should happen: pure values and decisions, and the jobs that carry them."""
