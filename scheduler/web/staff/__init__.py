"""The pages of those who run a campaign. Every act goes through the same code as on the command line."""
