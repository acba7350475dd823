"""Who did what: the log, searched, page by page, and as a file."""
