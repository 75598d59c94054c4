"""Listings, one per file: data of single subjects, line by line."""
