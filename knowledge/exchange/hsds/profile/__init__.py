"""The published profile: JSON schemas of what we add to HSDS 3.0, in the form of its own (see docs/hsds-profile.md)."""
