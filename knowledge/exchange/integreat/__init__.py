"""Import of a content export of Integreat. Start at `importer.read_export`; `topics` and `articles` prepare what an editor then decides."""
