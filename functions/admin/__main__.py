"""Write the OpenAPI document: `python -m functions.admin > docs/openapi.json`."""

import json
import sys

from functions.admin.openapi import document

sys.stdout.write(json.dumps(document(), indent=1, ensure_ascii=False) + "\n")
