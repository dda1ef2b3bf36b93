"""Draft stories of declared seats, written by rule, each number traced to its field."""
