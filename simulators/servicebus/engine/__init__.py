"""AMQP 1.0 on the wire, from the server's side: connections, sessions, links and request nodes."""
