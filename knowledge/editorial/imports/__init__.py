"""Bulk import at the desk: whatever the format, first a plan that shows every change, then all of it in one transaction.

plan      plan(): what a batch would do to each record; changes nothing
prepare   prepare(): what can be done before the transaction
apply     apply(): does it, without committing
outcome   the words both use: Plan, Item, Decisions, Report
tables    reading and writing tables with what the desk knows (hours in words, numbers of revisions)
"""
