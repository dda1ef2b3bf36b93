"""Files in and out: candidates before the night, results of past nights, checks after it."""
