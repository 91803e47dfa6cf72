"""SMTP: any mail server, one envelope a subscriber."""
