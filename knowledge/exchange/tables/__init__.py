"""Knowledge as tables, for spreadsheets: CSV and XLSX. See docs/bulk-tables.md.

columns   the contract: which columns there are, and which part of a document each one is
values    what one cell may hold, read forgivingly and written in one form
reading   read_tables: a file, folder or zip into a Batch
writing   export_csv, export_xlsx
"""
