"""Files as people have them, to records of text with line numbers."""
