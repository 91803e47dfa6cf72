"""From planned items to the messages that readers get."""
