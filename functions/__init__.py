"""Ways in: timers, queues, webhooks and HTTP. The only place that knows azure.functions."""
