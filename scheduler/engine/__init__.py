"""The alarm, the tick and the dispatcher. May import ports and below; channels and stores are handed in."""
