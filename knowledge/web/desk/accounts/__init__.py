"""Signing in, one's own account, the people of a municipality."""
