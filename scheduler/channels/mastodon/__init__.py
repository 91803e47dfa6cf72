"""Mastodon: one status a post, over plain HTTP, at the account's own instance."""
