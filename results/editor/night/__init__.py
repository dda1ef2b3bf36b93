"""The night dashboard: all counts of an election on one screen, which an editor need not leave."""
