"""Stateful local doubles of the providers, for rehearsing the live road on this machine.

May import ports, domain and below.
"""
