"""Every screen of the desk: which there are, a city that fills them, and what is asked of each."""
