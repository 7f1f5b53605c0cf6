"""The app's own triggers over the office of the tests."""

from domain.jobs import Jobs
from functions import create_app
from tests.triggers.stage import office

app = create_app(lambda: Jobs(office().ports))
