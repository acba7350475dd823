"""Our own file format: a folder of YAML that people can read and write. See docs/knowledge-format.md."""
