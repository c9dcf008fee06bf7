"""The explorer: a static site of the record, made from the package's own views and schemas.

``wording`` says a value as a page shows it, ``sheets`` gathers what one page shows, ``drawings`` computes where the
marks of a picture lie, ``datafiles`` writes what the scripts in the browser search and filter, and ``pages`` puts all
of it through the templates. ``scripts/site.py`` runs it.
"""
