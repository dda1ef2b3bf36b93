"""From stored rows to what readers' pages show, and how changes reach open pages. Reads only."""
