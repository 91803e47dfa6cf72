"""What the people who run the program ask for: settle a doubt, see whether all is well, report afterwards.

May import ports and below. The ledger, the channels and the files are handed in; nothing here sends anything to
a reader.
"""
