"""A command becomes events: decided on the course as it is, given its inputs, appended. The decision is pure."""
