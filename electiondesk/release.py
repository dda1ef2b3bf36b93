"""The one place that knows which release this is, for fault reports and for whoever asks."""

VERSION = "0.1.0.dev0"
