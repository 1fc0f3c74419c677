"""How the offline engine plans modules and chooses pathways of them."""
