"""The name of a project, and the title of a course that nobody gave one."""

# Names of repositories and folders that say nothing of what is in them.
SAYING_NOTHING = frozenset({
    "book", "course", "doc", "docs", "documentation", "guide", "handbook", "main", "manual", "monorepo", "readme",
    "repo", "site", "spec", "specification", "specs", "tutorial", "website", "wiki"
})  # fmt: skip


def choose_name(repository: str, declared: str, address: str) -> str:
    """The repository's name; the one the project's manifest declares ("" for none) where the other says nothing, or is
    only that of a folder: `address` is the source's canonical one.
    """
    is_folder = address.startswith("local:")
    return declared if declared and (is_folder or repository.lower() in SAYING_NOTHING) else repository


def automatic_title(project: str) -> str:
    """From the repository's name when a course is asked for, from the project's own name when it is assembled."""
    return (project if project.lower().startswith("learn ") else f"Learn {project}")[:255]
