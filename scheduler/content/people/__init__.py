"""People in a text: who is named, whose story is told, who is quoted, who is accused."""
