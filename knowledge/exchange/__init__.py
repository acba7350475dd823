"""Bringing knowledge in and out. One format a package or file."""
