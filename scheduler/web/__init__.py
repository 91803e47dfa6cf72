"""Pages and webhooks. Imports bootstrap and below."""
