"""The user name that each kind of Git host wants beside a token. Pure."""

from typing import Literal

Kind = Literal["github", "gitlab", "bitbucket", "gitea", "other"]

# GitHub: personal, App and OAuth tokens. GitLab: personal, project, group and OAuth tokens; a deploy token has a user
# name of its own. Bitbucket: access tokens of a repository, project or workspace, and OAuth tokens. Gitea and Forgejo
# look at the token alone.
USERNAMES: dict[Kind, str] = {
    "github": "x-access-token", "gitlab": "oauth2", "bitbucket": "x-token-auth", "gitea": "oauth2", "other": "git",
}  # fmt: skip
_KINDS: dict[str, Kind] = {
    "github.com": "github", "gitlab.com": "gitlab", "bitbucket.org": "bitbucket", "codeberg.org": "gitea",
    "gitea.com": "gitea",
}  # fmt: skip


def kind_of(host: str) -> Kind:
    """The kind of a public host; other for a host that is not known."""
    return _KINDS.get(host, "other")
