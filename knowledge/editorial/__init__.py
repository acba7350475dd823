"""What editors do: one verb a file. Each verb checks the permission, acts, and writes the audit log; the caller commits."""
