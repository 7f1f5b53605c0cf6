"""Read policy files: YAML (JSON is YAML too) in, bundles and the tenant's policy out.

Every complaint has a file, a line and a sentence, and all of them come at once. Whatever text is
given, reading ends soon and in nothing but a `BundleError`.
"""

from domain.bundle_text.candidate import Candidate, Placed
from domain.bundle_text.place import Place
from domain.bundle_text.read import read_bundles, read_files

__all__ = ["Candidate", "Place", "Placed", "read_bundles", "read_files"]
