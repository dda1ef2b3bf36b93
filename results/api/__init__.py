"""The API: everything public as JSON, and publishing for other systems with a token.

Above `reader`, whose stored bytes and headers its reads share, and above `desk`, whose publishing
API its writes go through. Nothing imports it.
"""
