"""Rehearsals: nights generated from a seed and played through the publishing API."""
