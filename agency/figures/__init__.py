"""The figures: matrix heatmap, timeline, composition bars, aggregate heatmap."""
