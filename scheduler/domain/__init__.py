"""What the project is about, in plain Python: campaigns, claims, quotations, dates, messages, states.

Standard library only.
"""
