"""A Service Bus namespace on one port: AMQP 1.0 for the SDKs, HTTP for whoever orders a bad day.

`amqp` knows the encoding, `broker` what a queue promises (no I/O, its clock is injected), `engine`
frames, links and the two request nodes, `store` what survives a restart, `control` the HTTP side.
"""
