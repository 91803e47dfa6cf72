"""Campaign and season in, items out: deterministic and stable. May import domain and below; reads no clock."""
