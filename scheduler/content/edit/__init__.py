"""Changes of a campaign's files from a form, with all that nobody touched as it was."""
