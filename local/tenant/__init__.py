"""A believable tenant, generated: for the local stack, for tests and for benchmarks.

docs/tenant-file.md describes the document and what is the same in every one.
"""

from local.tenant.generate import generate
from local.tenant.spares import bench_bundles

__all__ = ["bench_bundles", "generate"]
