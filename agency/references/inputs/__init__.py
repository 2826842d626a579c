"""The files references come in, and the field languages they are written in: BibTeX, CSL-JSON, sources.csv."""
