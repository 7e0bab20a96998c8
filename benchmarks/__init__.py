"""How quick the library is, beside the quickest loop one could write by hand."""
