"""Two tools, one question: which figures may be set side by side, and why not."""
