"""Set up a night in the browser: drafts, files read and applied in the background, previews.

The top layer: it puts together what `editor`, `exchange` and `reader` have, which never import one
another, and nothing imports it.
"""
