"""The alarm, the tick and the dispatcher. May import domain and below; channels and stores are handed in."""
