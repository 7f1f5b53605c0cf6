"""Write the tables of docs/limits-and-cost.md anew: `.venv/bin/python -m infra.cost`."""

from infra.cost.page import FILE, page

FILE.write_text(page(), encoding="utf-8")
