"""The command line: arguments in, words out. No decisions; each command imports what it needs when it runs."""
