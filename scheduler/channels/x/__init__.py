"""X: one post a call, over tweepy."""
