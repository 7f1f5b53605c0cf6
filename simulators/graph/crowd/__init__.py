"""A crowd: people and groups by the million, made when somebody looks at them."""

from simulators.graph.crowd.crowd import Crowd, person_id

__all__ = ["Crowd", "person_id"]
