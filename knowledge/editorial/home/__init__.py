"""What needs somebody now, for each person and role: the lists of the home page, of the full lists behind it, and of the digest."""
