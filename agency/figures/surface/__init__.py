"""The drawing surface: canvas, style, fitting of text, palette, marks, saving."""
