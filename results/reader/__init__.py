"""The reader's wing: pages, and the log as pages fall back on it. It reads and never writes."""
