"""The renderers: one printed table (`Sheet`) to text, Markdown, LaTeX, HTML, CSV and Word."""
