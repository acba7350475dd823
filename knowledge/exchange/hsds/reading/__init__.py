"""From files to rows, and from rows to documents. Whatever is left out on the way is accounted for."""
