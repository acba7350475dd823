"""Questions that found no answer: noted without their sender, put into groups over all languages, answered or laid aside by editors."""
