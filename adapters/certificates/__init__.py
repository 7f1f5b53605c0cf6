"""Client certificates of machines: whose they are, and whether they are to be trusted."""
