"""The name of a project, and the title of a course that nobody gave one."""

from shared.course.empty_names import SAYING_NOTHING


def choose_name(repository: str, declared: str, address: str) -> str:
    """The repository's name; the declared one, if any, where that says nothing or is only the name of a folder."""
    is_folder = address.startswith("local:")
    return declared if declared and (is_folder or repository.lower() in SAYING_NOTHING) else repository


def automatic_title(project: str) -> str:
    """From the repository's name when a course is asked for, from the project's own name when it is assembled."""
    return (project if project.lower().startswith("learn ") else f"Learn {project}")[:255]
