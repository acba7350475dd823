"""Pages that everybody can read, print and pass on: a service, an answer, a page of the guide; and telling the city what is wrong."""
