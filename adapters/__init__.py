"""Ways out: Graph, Service Bus, Tables and Blobs. The only place that knows their SDKs."""
