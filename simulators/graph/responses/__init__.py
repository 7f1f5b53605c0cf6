"""Responders: what one operation reads from the wire, asks of the state, and answers.

A responder takes the world and a request and returns a response, or raises a GraphError.
"""
