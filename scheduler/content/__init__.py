"""From files to domain objects: strict loading with file and line, rendering, checks.

Imports ports, domain and below.
"""
