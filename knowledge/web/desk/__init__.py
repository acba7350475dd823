"""The editors' desk, under /desk: server-rendered pages, a little JavaScript, everything works without it but autosave."""
