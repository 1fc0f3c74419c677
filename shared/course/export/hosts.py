"""Where a file, or some lines of it, can be read at a commit on the host it came from."""

from urllib.parse import quote, urlsplit

# Hosts show these rendered, without line numbers, unless they are asked for the plain text.
_RENDERED = (".md", ".mdx", ".markdown", ".rst", ".adoc", ".asciidoc", ".ipynb", ".org", ".svg")


def file_url(source_url: str, commit: str, path: str) -> str | None:
    """The page of `path` at `commit`, or None where the host's addresses are not known."""
    shape = _shape(source_url)
    return None if shape is None else _page(shape, commit, path)


def line_url(source_url: str, commit: str, path: str, start_line: int, end_line: int) -> str | None:
    """The page of `path` at `commit` with the lines marked, or None where the host's addresses are not known."""
    shape = _shape(source_url)
    if shape is None:
        return None
    rendered = path.lower().endswith(_RENDERED)
    query = {"github": "?plain=1", "gitlab": "?plain=1", "gitea": "?display=source"}.get(shape[0], "")
    return _page(shape, commit, path) + (query if rendered else "") + _fragment(shape[0], start_line, end_line)


def _shape(source_url: str) -> tuple[str, str] | None:
    """The family of the host and the repository's address without a trailing slash or `.git`."""
    parts = urlsplit(source_url)
    if parts.scheme != "https" or "@" in parts.netloc or parts.path.strip("/").count("/") < 1:
        return None
    host = parts.netloc.lower()
    base = f"https://{host}/{quote(parts.path.strip('/').removesuffix('.git'), safe='/~%')}"
    if host == "github.com":
        return "github", base
    if host == "gitlab.com" or host.startswith("gitlab."):
        return "gitlab", base
    if host == "bitbucket.org":
        return "bitbucket", base
    if host in ("codeberg.org", "gitea.com") or host.startswith(("gitea.", "forgejo.")):
        return "gitea", base
    return None


def _page(shape: tuple[str, str], commit: str, path: str) -> str:
    family, base = shape
    folder = {"github": "blob", "gitlab": "-/blob", "bitbucket": "src", "gitea": "src/commit"}[family]
    return f"{base}/{folder}/{commit}/{quote(path)}"


def _fragment(family: str, start_line: int, end_line: int) -> str:
    if family == "bitbucket":
        return f"#lines-{start_line}" if start_line == end_line else f"#lines-{start_line}:{end_line}"
    if start_line == end_line:
        return f"#L{start_line}"
    return f"#L{start_line}-{end_line}" if family == "gitlab" else f"#L{start_line}-L{end_line}"
