"""Import and export of files: candidates, results of past nights, comparisons, archives."""
