"""What a person reads and signs: the packet, the files of a dry run, approvals, sign-offs. May import ports, domain and below."""
