"""The ways out: build() is pure, send() is one call. May import ports, domain and below."""
