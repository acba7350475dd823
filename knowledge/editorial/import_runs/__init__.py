"""Imports at the desk, from the files to the undo. Each run is a row that outlives the process that works at it.

states     what a run can be, and when it counts as interrupted
claims     one process at a time works at a run; who is late finds that out before anything is written
runs       begin, list, throw away, start again
files      the uploaded files, and reading them with what the desk knows
items      the lines of a dry run, page by page, and what was decided about them
pages      the review from a tree of pages to topics (Integreat)
planning   the dry run
writing    the import itself, in one short transaction
undoing    everything as it was before
"""
