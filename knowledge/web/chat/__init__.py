"""The chat page: what a newcomer's browser gets. The conversation itself is served by the web channel."""
