"""Files of other people as they are: bytes to records, a module per format."""
