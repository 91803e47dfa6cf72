"""What every channel must keep, as tests; and the base of a stand-in: a server on this machine that remembers."""
