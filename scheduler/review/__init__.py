"""What a person reads and signs: the packet, the files of a dry run, its cost. May import domain and below."""
