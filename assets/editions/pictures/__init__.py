"""What draws: one module of SVG, and on it every kind of chart, for a wide and for a narrow place."""
