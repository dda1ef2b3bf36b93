"""Files that hold tables as rows of text, before anything is known of their columns."""
