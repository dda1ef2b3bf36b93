"""Turn stored rows into readers' pages, and send changes to open pages. Reads only."""
