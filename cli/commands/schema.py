"""`seatflow schema`: the JSON Schema of policy files, for editors."""

from cli.options import local_command
from cli.session import Session, write_json


@local_command
def schema(session: Session) -> None:
    """Print the JSON Schema of policy files, by which editors complete and check them."""
    from domain.policy_schema import policy_schema

    write_json(policy_schema())
