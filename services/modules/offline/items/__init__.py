"""Questions about what a module teaches, in the forms its material carries: `find.find_items`."""
