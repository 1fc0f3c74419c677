"""The table of routes in docs/classroom.md: each route of the classroom once, and each one of the platform whose front
ends it serves.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from tests.integration.classroom.test_rights import ALLOWED, OPEN, routes

DOCS = (Path(__file__).parents[3] / "docs/classroom.md").read_text(encoding="utf-8")

# What front ends of that platform call: methods by path.
PLATFORM = {
    "/health": "GET", "/auth/login": "POST",
    "/organizations/": "GET POST", "/organizations/{}": "GET PUT", "/organizations/slug/{}": "GET",
    "/organizations/{}/members": "GET POST DELETE", "/organizations/{}/openai_api_key": "PUT",
    "/users/{}": "GET PUT", "/users/{}/cohorts": "GET", "/users/{}/orgs": "GET", "/users/{}/courses": "GET",
    "/users/{}/org/{}/cohorts": "GET", "/users/{}/cohort/{}/present": "GET", "/users/{}/streak": "GET",
    "/users/{}/active_days": "GET", "/users/{}/activity/{}": "GET",
    "/cohorts/": "GET POST", "/cohorts/{}": "GET PUT DELETE", "/cohorts/{}/members": "POST DELETE",
    "/cohorts/{}/courses": "GET POST DELETE", "/cohorts/{}/completion": "GET", "/cohorts/{}/leaderboard": "GET",
    "/cohorts/{}/courses/{}/metrics": "GET", "/cohorts/{}/streaks": "GET", "/cohorts/{}/task_metrics": "GET",
    "/cohorts/{}/task_attempt_data": "GET",
    "/batches/": "GET POST", "/batches/{}": "GET PUT DELETE", "/batches/user/{}/cohort/{}": "GET",
    "/courses/": "GET POST", "/courses/{}": "GET PUT DELETE", "/courses/{}/milestones": "POST",
    "/courses/milestones/order": "PUT", "/courses/tasks/order": "PUT", "/courses/{}/milestones/swap": "PUT",
    "/courses/{}/tasks/swap": "PUT", "/courses/tasks": "POST DELETE", "/courses/{}/cohorts": "GET POST DELETE",
    "/courses/{}/tasks": "GET", "/courses/{}/duplicate": "POST",
    "/milestones/": "GET", "/milestones/{}": "PUT DELETE", "/milestones/course/{}": "GET",
    "/milestones/metrics/user/{}/course/{}": "GET",
    "/tasks/": "POST DELETE", "/tasks/{}/learning_material": "POST PUT", "/tasks/{}/quiz": "POST PUT",
    "/tasks/{}/assignment": "POST PUT", "/tasks/duplicate": "POST", "/tasks/{}": "GET DELETE",
    "/tasks/course/{}/learning_material": "GET", "/tasks/{}/complete": "POST",
    "/tasks/cohort/{}/user/{}/completed": "GET",
    "/scorecards/": "GET POST", "/scorecards/{}": "PUT",
    "/chat/": "GET POST DELETE", "/chat/user/{}/task/{}": "GET",
    "/code/": "POST", "/code/user/{}/question/{}": "GET DELETE",
    "/file/presigned-url/create": "PUT", "/file/presigned-url/get": "GET", "/file/upload-local": "POST",
    "/file/download-local/": "GET", "/hva/is_user_hva_learner": "GET", "/hva/org_id": "GET",
    "/chat_history": "GET", "/course/{}": "GET", "/ai/chat": "POST",
    "/ai/generate/course/{}/structure": "POST", "/ai/generate/course/{}/tasks": "POST",
}  # fmt: skip
NOT_HERE = {
    "/cohorts/{}/task_metrics", "/cohorts/{}/task_attempt_data", "/milestones/metrics/user/{}/course/{}",
    "/tasks/cohort/{}/user/{}/completed", "/hva/is_user_hva_learner", "/hva/org_id",
}  # fmt: skip
# What asked for columns that the platform's tables did not have any more.
DEAD_THERE = {
    "/cohorts/{}/task_metrics", "/cohorts/{}/task_attempt_data", "/milestones/metrics/user/{}/course/{}",
    "/tasks/cohort/{}/user/{}/completed", "/courses/{}/tasks", "/users/{}/activity/{}", "/cohorts/{}/streaks",
}  # fmt: skip


def plain(route: str) -> str:
    return re.sub(r"\{[^}]*\}", "{}", route.partition("?")[0])


def documented() -> Iterator[tuple[str, str]]:
    """Each route of the table, with the tests of its row. `GET`, `PUT /a/b`, `DELETE …/b/c` are three."""
    for cells in re.findall(r"^\| (`[A-Z]+.*?) \| (T.*?) \|", DOCS, re.MULTILINE):
        methods: list[str] = []
        before = ""
        for span in re.findall(r"`([^`]+)`", cells[0]):
            method, _, path = span.partition(" ")
            methods.append(method)
            if path.startswith("…"):
                path = before[: before.index("/" + path.split("/")[1])] + path[1:]
            if path:
                before = path
                yield from ((plain(f"{one} {path}"), cells[1]) for one in methods)
                methods = []
        assert not methods, cells[0]


def test_the_table_has_each_route_once_with_its_tests() -> None:
    found = [*documented()]
    assert sorted(route for route, _ in found) == sorted(map(plain, routes()))
    in_matrix = {plain(one) for one in ALLOWED}
    for route, tests in found:
        assert ("T1" in tests.split()) == (route in in_matrix), route
    assert {plain(one) for one in OPEN} == {route for route, _ in found} - in_matrix


def test_each_route_of_the_platform_is_here_or_has_a_reason_not_to_be() -> None:
    here = {route for route, _ in documented()}
    elsewhere = {route for route, _ in elsewhere_rows()}
    for path, methods in PLATFORM.items():
        wanted = {f"{one} {path}" for one in methods.split()}
        assert wanted <= (elsewhere if path in NOT_HERE else here), path
    assert not here & elsewhere


def test_the_table_says_what_was_dead_there() -> None:
    said = {route.partition(" ")[2]: why for route, why in elsewhere_rows()}
    for line in DOCS.splitlines():
        said |= {plain(path): line for path in re.findall(r"`GET (/[^`]+)`", line.rpartition(" | T")[0])}
    assert {path for path, why in said.items() if "dead" in why} == DEAD_THERE


def elsewhere_rows() -> Iterator[tuple[str, str]]:
    """Each route of the second table, plain, with the reason."""
    for line in DOCS[DOCS.index("| route of the platform |") :].splitlines():
        routes_of, _, why = line.strip("|").partition(" | ")
        yield from ((plain(one), why) for one in re.findall(r"`([A-Z]+ [^`]+)`", routes_of))
