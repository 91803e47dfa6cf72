"""From a campaign's folder to domain objects, strictly: each finding with its file and line."""
