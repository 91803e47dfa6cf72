"""Campaign and season in, items out: deterministic and stable. May import ports, domain and below; reads no clock."""
