"""The table: bytes to a validated long table with its codebook, registries and sources."""
