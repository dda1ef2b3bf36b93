"""The night dashboard: one screen for all counts of an election, which one never has to leave."""
