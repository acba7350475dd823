"""The forms of the desk in a browser."""
