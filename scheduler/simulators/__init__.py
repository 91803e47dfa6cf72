"""Runs the channels' stand-ins, for rehearsing the live road on this machine. Each lives in its channel's folder."""
