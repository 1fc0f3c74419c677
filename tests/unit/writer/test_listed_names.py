"""Names that a page lists are taught with the line that lists them and the line that describes them."""

from tests.support.whole_course import make_courses, teach

SOURCE = b'def run(a):\n    """Run it with a.\n\n    Twice.\n    """\n\n\nclass Walk:\n    """Walk to the end."""\n'
PAGE = """Names
=====

Parts
-----

.. currentmodule:: pkg

.. autosummary::

   run
   core.Walk

More
----

A queue is an ordered list of jobs that a worker takes one by one.
"""


def test_a_listed_name_is_taught_and_cited_where_it_stands_and_where_it_is_described() -> None:
    sources = {"pkg/__init__.py": SOURCE, "pkg/core.py": SOURCE}
    course = make_courses(teach({"docs/api.rst": PAGE.encode()}, sources))[0]
    (module,) = course.modules
    assert not module.not_taught
    lines = {one.id: (one.path, one.start_line) for one in module.citations}
    items = [line for line in module.main_content.split("\n") if line.startswith("- ")]
    assert [(item.partition("[^")[0], [lines[mark[:13]] for mark in item.split("[^")[1:]]) for item in items] == [
        ("- `run`: Run it with a.", [("pkg/__init__.py", 2), ("docs/api.rst", 11)]),
        ("- `core.Walk`: Walk to the end.", [("pkg/core.py", 9), ("docs/api.rst", 12)]),
    ]
