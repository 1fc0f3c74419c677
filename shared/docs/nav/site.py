"""The address at which a site publishes a repository's documentation, as its configuration says."""

import posixpath
import re

from shared.docs.nav.listing import Listing

_SITE_FILE = re.compile(
    r"^(?!\.|.*/\.(?!vitepress)|.*(?:tests?|examples?|fixtures?|templates?)/)(?:[^/]+/){0,3}(?:CNAME|mkdocs\.ya?ml"
    r"|zensical\.toml|_config\.ya?ml|antora-playbook\.yml|conf\.py|(?:hugo|config)\.(?:toml|ya?ml|json|m?[jt]s)"
    r"|(?:docs?|site|docusaurus|astro|nuxt|gatsby|next)[\w.-]*config\.[cm]?[jt]s)$"
)
_HOST = r"(https?://(?!(?:www\.)?(?:git(?:hub|lab)|npmjs)\.com|[\w.-]*example\.)(?:[\w-]+\.)+[a-z]{2,})(?=[\s/\"',;]|$)"
_SAID = rf"[\"']?[ \t]*[:=][ \t]*(?:[^\"'\n]{{0,60}}[\"'])?{_HOST}"
_SITE = re.compile(
    rf"(?mi)^[ \t\"']*(?:const )?(?:site_?url|base_?url|html_baseurl|hostname|(?<=\")homepage(?=\")){_SAID}"
)
_URL = re.compile(rf"(?mi)^(?: {{0,4}}\t?[\"']?(?:url|site)|const site_?url){_SAID}")
_SAYS_URL = re.compile(r"(?:^|/)(?:docusaurus|astro|antora-playbook|_config)[\w.]*$")
_BASE = re.compile(r"(?m)^[ \t]*base(?:Url)?:.*[\"'](/[\w./-]*)[\"']")


def site_files(listing: Listing) -> list[str]:
    """The files to ask for the address, in order: configurations, and packages at the root and beside the first."""
    found = sorted(filter(_SITE_FILE.match, listing.own), key=lambda one: (one.count("/"), one.endswith("CNAME")))
    packages = [posixpath.join(folder, "package.json") for folder in ("", *map(posixpath.dirname, found[:1]))]
    return found + [path for path in dict.fromkeys(packages) if path in listing.own]


def find_site(listing: Listing) -> str:
    """The address of the site, which goes before a link that begins with a slash; "" where no configuration has it."""
    for path in site_files(listing):
        text = ("hostname: https://" if path.endswith("CNAME") else "") + listing.text(path)
        if said := (_URL if _SAYS_URL.search(path) else _SITE).search(text):
            base = _BASE.search(text)
            return said[1] + (base[1].rstrip("/") if base else "")
    return ""
