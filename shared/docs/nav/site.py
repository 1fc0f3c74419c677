"""The address at which a site publishes a repository's documentation, as its configuration says."""

import re

from shared.docs.nav.listing import Listing

SITE_FILE = re.compile(
    r"^(?!\.|.*/\.(?!vitepress)|.*(?:tests?|examples?|fixtures?|templates?)/)(?:[^/]+/){0,3}(?:CNAME|mkdocs\.ya?ml"
    r"|zensical\.toml|_config\.ya?ml|antora-playbook\.yml|conf\.py|(?:hugo|config)\.(?:toml|ya?ml|json|m?[jt]s)"
    r"|(?:docs?|site|docusaurus|astro|nuxt|gatsby|next)[\w.-]*config\.[cm]?[jt]s)$"
)
_HOST = r"(https?://(?!github\.com|[\w.-]*example\.)(?:[\w-]+\.)+[a-z]{2,})(?=[\s/\"',;]|$)"
_SAID = rf"[\"']?[ \t]*[:=][ \t]*(?:[^\"'\n]{{0,60}}[\"'])?{_HOST}"
_SITE = re.compile(rf"(?mi)^[ \t\"']*(?:const )?(?:site_?url|base_?url|html_baseurl|hostname){_SAID}")
_URL = re.compile(rf"(?mi)^(?: {{0,4}}\t?[\"']?(?:url|site)|const site_?url){_SAID}")
_SAYS_URL = re.compile(r"(?:^|/)(?:docusaurus|astro|antora-playbook|_config)[\w.]*$")
_BASE = re.compile(r"(?m)^[ \t]*base(?:Url)?:.*[\"'](/[\w./-]*)[\"']")


def find_site(listing: Listing) -> str:
    """The address of the site, which goes before a link that begins with a slash; "" where no configuration has it."""
    for path in sorted(filter(SITE_FILE.match, listing.own), key=lambda one: (one.count("/"), one.endswith("CNAME"))):
        text = ("hostname: https://" if path.endswith("CNAME") else "") + listing.text(path)
        if found := (_URL if _SAYS_URL.search(path) else _SITE).search(text):
            base = _BASE.search(text)
            return found[1] + (base[1].rstrip("/") if base else "")
    return ""
