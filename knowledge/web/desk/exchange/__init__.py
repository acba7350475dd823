"""What is brought in and taken out at the desk: export, import with a dry run, its report and its undo."""
