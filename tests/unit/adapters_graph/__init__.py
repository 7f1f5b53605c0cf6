"""The Graph adapter's pure parts, and what no well-behaved Graph would ever answer."""
