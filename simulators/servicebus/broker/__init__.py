"""What a Service Bus queue promises, without I/O: clock, journal and consumers are given."""
