"""The copy button gives the commands of a session, without prompts and output."""

import pytest

from shared.course.export.lesson_html import PageLinks, render_markdown
from tests.support.pages import read_page
from tests.support.processor_time import processor_seconds

_CASES = {
    "prompts and answers of a shell": (
        "console",
        "$ pip install tidepool\n$ tidepool --version\ntidepool 2.4.0",
        "pip install tidepool\ntidepool --version",
    ),
    "a line that a backslash joins": (
        "console",
        "$ docker run \\\n    --rm -it \\\n    alpine\nUnable to find image\n$ ls",
        "docker run \\\n    --rm -it \\\n    alpine\nls",
    ),
    "a joined line behind a second prompt": ("bash", "$ make \\\n> all\ndone.", "make \\\nall"),
    "an answer that begins like a second prompt": (
        "console",
        "$ npm run build\n> site@1.0 build\n> tsc",
        "npm run build",
    ),
    "a loop behind second prompts": (
        "console",
        "$ for i in 1 2; do\n> echo $i\n> done\n1\n2",
        "for i in 1 2; do\necho $i\ndone",
    ),
    "a loop without second prompts": (
        "sh",
        "$ while true; do\n    date\n  done\nSun",
        "while true; do\n    date\n  done",
    ),
    "a here-document": (
        "console",
        "$ cat > a.conf <<'EOF'\n# kept\nport: 1\nEOF\n$ cat a.conf\nport: 1",
        "cat > a.conf <<'EOF'\n# kept\nport: 1\nEOF\ncat a.conf",
    ),
    "a quotation over lines": (
        "console",
        "$ curl -d '{\n  \"a\": 1\n}' host\nOK",
        "curl -d '{\n  \"a\": 1\n}' host",
    ),
    "a quotation that never ends": ("console", "$ echo don't\ndont\nmore\n$ ls\na", "echo don't\nls"),
    "a comment with an apostrophe": ("console", "$ ls  # what's here\na\nb", "ls  # what's here"),
    "comments before commands": (
        "bash",
        "# Install it\n$ pip install x\nCollecting x\n# Then run it\n$ x --help",
        "# Install it\npip install x\n# Then run it\nx --help",
    ),
    "a command before the first prompt": (
        "bash",
        "kubectl run box\n\n# Send\nbox:~# pub hello\nPublished",
        "kubectl run box\n# Send\npub hello",
    ),
    "an answer with signs of comments": ("console", "$ cat a\n# Title\ntext\n$ ls", "cat a\nls"),
    "a host, a folder and a virtual environment": (
        "console",
        "me@host:~/src$ ls\na\n(venv) $ pip list\n[root@db ~]# id\nuid=0\n4f2a:~# ps\nbash-5.1$ env",
        "ls\npip list\nid\nps\nenv",
    ),
    "an empty prompt at the end": ("console", "$ ls\na\n$", "ls"),
    "zsh": ("zsh", "% brew install x\n==> Pouring", "brew install x"),
    "an arrow where a block begins": ("text", "> nsc add user\nSuccess!\n\n> nsc list", "nsc add user\nnsc list"),
    "an arrow behind a command is its answer": ("sh", "nats mapping foo\n> bar", None),
    "a session without a language": ("", "$ tidepool run\nready", "tidepool run"),
    "prices are not commands": ("", "Total\n$ 100", None),
    "Python's console": (
        "pycon",
        ">>> for i in range(2):\n...     print(i)  # twice\n...\n0\n1\n>>> i\n1",
        "for i in range(2):\n    print(i)  # twice\n\ni",
    ),
    "Python's console as Python": ("python", "# First\n>>> 1 + 1\n2", "# First\n1 + 1"),
    "Python that shows an ellipsis": ("pycon", ">>> x\n[1, ...]\n... ", "x"),
    "a docstring with an example": ("python", 'def f():\n    """F.\n\n    >>> f()\n    """', None),
    "IPython": (
        "ipython",
        "In [1]: def f():\n   ...:     return 1\n\nIn [2]: f()\nOut[2]: 1",
        "def f():\n    return 1\nf()",
    ),
    "the Windows console": (
        "doscon",
        "C:\\> cd work\nC:\\work>copy a ^\nMore? b\n        1 file(s) copied.",
        "cd work\ncopy a ^\nb",
    ),
    "PowerShell": (
        "powershell",
        "PS C:\\work> Get-Item `\n>> -Path a\nMode\nPS> exit",
        "Get-Item `\n-Path a\nexit",
    ),
    "the console of a database": ("psql", "shop=# SELECT 1;\n ?column?\n----------\n        1\n(1 row)\n", "SELECT 1;"),
    "a session of two programs": ("console", "$ python\n>>> 1 + 1\n2\n>>> exit()\n$ ls", "python\n1 + 1\nexit()\nls"),
    "a script": ("bash", "# build\nset -e\necho $HOME > out", None),
    "nothing but an answer": ("console", "Usage: tidepool [OPTIONS]\n", None),
    "another language": ("yaml", "run: |\n  $ ls\n", None),
}


def _figure(language: str, code: str) -> dict[str, str]:
    return read_page(render_markdown(f"~~~{language}\n{code}\n~~~", PageLinks()).html).all("figure")[0]


@pytest.mark.parametrize(("language", "code", "typed"), _CASES.values(), ids=_CASES)
def test_what_is_copied_is_what_one_would_type(language: str, code: str, typed: str | None) -> None:
    assert _figure(language, code).get("data-typed") == typed


@pytest.mark.parametrize(
    "line", ["$ ", "$ '", "$ a \\", "> b", "# c", "$ for x in y; do", "$ cat <<E", "(a) b:", "In ["]
)
def test_a_long_session_is_read_in_bounded_time(line: str) -> None:
    code = "$ start\n" + f"{line}\n" * (100_000 // len(line))
    assert processor_seconds(lambda: _figure("text", code)) < 2
