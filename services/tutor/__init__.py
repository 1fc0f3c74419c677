"""The tutor: answers learners from the course, and tells no solution."""
