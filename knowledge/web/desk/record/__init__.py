"""The page of one record: what readers see, what is being written, what to do next, and everything that can be done with it."""
