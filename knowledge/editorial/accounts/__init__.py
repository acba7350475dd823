"""Who works at the desk: signing in, sessions, roles."""
