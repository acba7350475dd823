"""Lists of records and the forms in which they are written: services, answers, guide pages, organizations, places, contacts."""
