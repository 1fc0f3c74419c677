"""The name a project gives itself in the manifest of its package."""

import pytest

from services.repo_clone.manifests import declared_name
from shared.course.naming import choose_name


@pytest.mark.parametrize(
    ("path", "text", "name"),
    [
        ("pyproject.toml", '[project]\nname = "starlette"\n', "starlette"),
        ("pyproject.toml", '[tool.poetry]\nname = "pendulum"\n', "pendulum"),
        ("setup.cfg", "[metadata]\nname = widgets\n", "widgets"),
        ("setup.cfg", "[flake8]\nmax-line-length = 120\n", ""),
        ("setup.cfg", "name = widgets\n", ""),
        ("settings.ini", "[DEFAULT]\nlib_name = fastcore\nrepo = %(lib_name)s\n", "fastcore"),
        ("settings.ini", "[server]\nport = 80\n", ""),
        ("Cargo.toml", '[package]\nname = "ripgrep"\n', "ripgrep"),
        ("package.json", '{"name": "@acme/widgets"}', "widgets"),
        ("package.json", '{"name": "@acme/monorepo"}', "acme"),
        ("package.json", '{"name": "@acme/repository"}', "acme"),
        ("composer.json", '{"name": "acme/widgets"}', "widgets"),
        ("go.mod", "module github.com/caddyserver/caddy/v2\n\ngo 1.25\n", "caddy"),
        ("go.mod", "module gopkg.in/yaml.v3\n", "yaml"),
        ("mkdocs.yml", "site_name: Material for MkDocs\n", "Material for MkDocs"),
        ("package.json", '{"name": "website", "private": true}', ""),
        ("pyproject.toml", "[tool.ruff]\nline-length = 120\n", ""),
        ("pyproject.toml", "[project\n", ""),
        ("pyproject.toml", "project = 3\n", ""),
        ("package.json", "[1, 2]", ""),
        ("package.json", '{"name": 7}', ""),
        ("mkdocs.yml", "site_name: !ENV [NAME, x]\n", ""),
        ("mkdocs.yml", "- a\n", ""),
        ("Cargo.toml", "\x00\xff", ""),
        ("package.json", '{"name": "../../etc"}', "etc"),
        ("package.json", '{"name": "<script>"}', ""),
        ("package.json", '{"name": "widgets"}' + " " * 100_000, ""),
        ("mkdocs.yml", "site_name: " + "[" * 5_000, ""),
    ],
)
def test_a_manifest_tells_the_name_or_none(path: str, text: str, name: str) -> None:
    assert declared_name({path: text.encode("latin-1")}) == name


def test_a_package_knows_its_name_better_than_its_site() -> None:
    contents = {"mkdocs.yml": b"site_name: The widgets book", "package.json": b'{"name": "widgets"}'}
    assert declared_name(contents) == "widgets"


@pytest.mark.parametrize(
    ("repository", "declared", "address", "name"),
    [
        ("click", "other", "https://github.com/pallets/click", "click"),
        ("repo", "starlette", "https://github.com/x/repo", "starlette"),
        ("Docs", "", "https://github.com/x/Docs", "Docs"),
        ("my-clone", "click", "local:0123abcd", "click"),
        ("my-clone", "", "local:0123abcd", "my-clone"),
    ],
)
def test_a_declared_name_counts_where_the_repositorys_says_nothing_or_is_a_folders(
    repository: str, declared: str, address: str, name: str
) -> None:
    assert choose_name(repository, declared, address) == name
