"""Reviewed corrections, taken back into a dataset.

`labelstudio` reads what reviewers answered, `correction` finds where it differs from the record,
`meaning` knows what a surface stands for, `consequence` writes what follows into a session, and
`revision` does it to a whole directory.
"""
