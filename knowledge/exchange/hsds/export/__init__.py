"""From published knowledge to rows of HSDS and of our profile, and from rows to files."""
