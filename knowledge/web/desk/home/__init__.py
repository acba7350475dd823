"""The editors' home, the full lists behind it, questions without an answer, suggestions, and switching the digest off."""
