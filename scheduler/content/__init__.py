"""From files to domain objects: strict loading with file and line, rendering, checks. May import ports, domain and below."""
