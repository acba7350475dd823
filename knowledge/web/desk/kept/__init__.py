"""Forms that were sent when the session was over: kept for their sender, and opened again after signing in."""
