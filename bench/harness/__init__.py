"""Runs the benchmark's clients against one server and compares their CPU time."""
