"""The alarm, the tick and the dispatcher. May import ports, domain and below; concrete channels and stores are handed in."""
