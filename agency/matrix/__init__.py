"""The matrix: from the rows of a table to states, shares and cells by project and phase."""
