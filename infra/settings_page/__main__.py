"""Write docs/settings.md anew: `.venv/bin/python -m infra.settings_page`."""

from infra.settings_page.page import FILE, text

FILE.write_text(text(), encoding="utf-8")
