"""Service Bus: messages to ourselves."""
