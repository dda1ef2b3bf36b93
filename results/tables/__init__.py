"""Read files with tables to rows of text, before their columns are interpreted."""
