"""The warehouse: snapshots as immutable columnar files in Blob Storage, behind one pointer."""
