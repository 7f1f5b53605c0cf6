"""The simulator's own HTTP side: look inside, move time, order a bad day."""
