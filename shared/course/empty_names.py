"""Names of repositories and folders that say nothing of what is in them."""

SAYING_NOTHING = frozenset({
    "book", "course", "doc", "docs", "documentation", "guide", "guides", "handbook", "main", "manual", "monorepo",
    "readme", "repo", "site", "spec", "specification", "specs", "tutorial", "tutorials", "website", "wiki"
})  # fmt: skip
