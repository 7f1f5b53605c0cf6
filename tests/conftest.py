"""Generated examples are the same in every run: red means red, and green stays green.

`HYPOTHESIS_PROFILE=hunt` looks for new ones.
"""

import os

from hypothesis import settings

settings.register_profile("same", derandomize=True)
settings.register_profile("hunt", derandomize=False, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same"))
