"""What a client sees: one router for each resource, with the paths and names of the front ends it is made for."""
