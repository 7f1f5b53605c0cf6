"""The console command `seatflow`: the admin HTTP surface, from a terminal or a pipeline."""
