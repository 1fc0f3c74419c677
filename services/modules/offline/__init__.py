"""How the offline engine writes a module: the author's sections whole, with a frame and questions around them."""
