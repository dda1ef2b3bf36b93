"""Dummy nights: invented from a seed, played through the same door that reporters use."""
