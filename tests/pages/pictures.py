"""`python -m tests.pages.pictures SITE FOLDER` photographs a course in both themes: a question answered, lines open.

The page is the first module that begins with a question of an earlier one.
"""

import base64
import sys
import tempfile
from pathlib import Path

from tests.pages.browser import Tab, run_browser

_ANSWER = """(() => {
    const question = document.querySelector(".recall [data-question]");
    const key = JSON.parse(question.dataset.key);
    for (const input of question.querySelectorAll("input")) input.checked = key.includes(input.value);
    question.querySelector("form").requestSubmit();
})()"""


def _photograph(tab: Tab, page: Path, picture: Path) -> None:
    tab.go(page.as_uri())
    tab.evaluate(_ANSWER)
    tab.click(".recall .answer .marks a")
    tab.wait_until("document.querySelector('.passage-card .cited')")
    picture.write_bytes(base64.b64decode(tab.call("Page.captureScreenshot", format="png")["data"]))


def main(site: str, folder: str) -> None:
    """Writes module-light.png and module-dark.png."""
    pages = sorted(Path(site).resolve().glob("modules/*.html"))
    page = next(one for one in pages if 'class="questions recall"' in one.read_text(encoding="utf-8"))
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile, run_browser(Path(profile)) as browser:
        for theme in ("light", "dark"):
            with browser.open_page(width=1200, height=900, dark=theme == "dark") as tab:
                _photograph(tab, page, Path(folder) / f"module-{theme}.png")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
