"""The pages for readers: signing up, confirming, choosing, and the mails that have gone out."""
