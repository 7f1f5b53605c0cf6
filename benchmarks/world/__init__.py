"""The world the policy benchmarks are about: a tenant laid out in columns, and its bundles."""
