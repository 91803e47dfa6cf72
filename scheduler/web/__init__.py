"""Pages and webhooks over HTTP. The only home of Flask and waitress."""
