"""The world on the wire: stand-ins for Graph and Service Bus that know only the protocols."""
