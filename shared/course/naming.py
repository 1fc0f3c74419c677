"""The title of a course nobody gave one."""


def automatic_title(project: str) -> str:
    """From the repository's name when a course is asked for, from the project's own name when it is assembled."""
    return f"Learn {project}"[:255]
