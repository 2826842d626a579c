"""The report: one offline HTML file, and the bundle of everything behind it."""
