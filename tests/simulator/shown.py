"""A course as its events have it and as the tables show it, in the same words, to be compared one by one."""

from collections.abc import Iterator
from typing import Any

from services.gateway.readmodels.analyzed_documents import analyzed_documents, skipped_documents
from services.gateway.readmodels.generated_courses import generated_courses, module_content
from services.gateway.readmodels.pathways import pathways
from services.gateway.readmodels.selections import stage1_selections, stage3_selections
from shared.events.doc_analyser import DocsAnalysed
from shared.events.gateway import CourseCreated, DocsAnalysisRequested
from shared.events.modules import CourseGenerated
from shared.events.repo_clone import RepoCloned
from shared.pipeline import PIPELINE
from tests.simulator.account import Account
from tests.simulator.account_runs import Stages
from tests.simulator.tables import Tables

Facts = dict[str, object]


def differences(account: Account, tables: Tables, course_id: str) -> Iterator[str]:
    """What the tables show and the events do not say."""
    if not account.exists:
        left = tables.names(course_id)
        if left:
            yield f"{course_id} is gone, and there are rows of it in {', '.join(left)}"
        return
    if tables.course(course_id) is None:
        yield f"{course_id} has no row"
        return
    told, shown = _told(account), _shown(tables, course_id)
    for name in {**told, **shown} if told != shown else ():
        if shown.get(name) != told.get(name):
            yield f"{name} of {course_id} is {shown.get(name)} where the log has {told.get(name)}"


def _told(account: Account) -> Facts:
    created = next(account.all(CourseCreated))
    cloned, analysed = account.last(RepoCloned), account.last(DocsAnalysed)
    generated, stages = account.last(CourseGenerated), Stages(account)
    plan, offers, last = stages.plan(), account.offers(), account.last_heard
    read, left = account.documents()
    assert last is not None
    return {
        "seq": last.seq, "owner": created[1].owner, "title": account.words("title"),
        "description": account.words("description"), "created_at": created[0].time, "updated_at": last.time,
        "plan": plan and plan.id, "next_stage": stages.next_stage(),
        **stages.course(), **stages.facts(),
        "source": cloned and (cloned[1].source_id, cloned[1].commit, cloned[1].files.key, cloned[1].repo_name),
        "selections": account.selections(), "pending documents": account.pending_documents(),
        "analysis": analysed and _analysis(account, analysed[1]), "revisions": account.revisions(),
        "proposals": account.proposals(), "offers": offers, "selected pathway": account.selected(),
        "modules written": account.written(),
        "finished course": generated and _finished(generated[1]),
        "rows of documents": _documents(account, read), "rows of skipped documents": left,
        "rows of pathways": [(one["pathway_id"], one["title"], one["revised"]) for one in offers],
        "row of the selection": account.selected(),
        "rows of sources chosen": sorted((one["source_id"], tuple(one["folders"])) for one in account.selections()),
        "row of the finished course": generated and (generated[1].run_id, generated[1].pathway_id),
        "rows of contents": account.contents(),
    }  # fmt: skip


def _analysis(account: Account, done: DocsAnalysed) -> tuple[Any, ...]:
    asked = next(event for _, event in account.all(DocsAnalysisRequested) if event.run_id == done.run_id)
    return (
        asked.documents.key, done.analyses.key, asked.overview_document, asked.complexity_level, asked.engine
    )  # fmt: skip


def _finished(done: CourseGenerated) -> tuple[Any, ...]:
    return done.run_id, done.pathway_id, done.edition, done.status, done.course.key, len(done.exports)


def _documents(account: Account, read: dict[str, str]) -> dict[str, tuple[Any, ...]]:
    titles = {one: fields.get("title") for one, fields in account.revisions().items()}
    return {one: (run_id, titles.get(one)) for one, run_id in read.items()}


def _shown(tables: Tables, course_id: str) -> Facts:
    row = tables.course(course_id)
    assert row is not None
    state: dict[str, Any] = row["state"]
    source = next(iter(state["sources"]), None)
    analysis, generated = state["analysis"], state["generated"]
    offers = [
        {"pathway_id": one["pathway_id"], "title": one["title"], "pathway": one["pathway"]["key"],
         "revised": bool(one["revised_on"])}
        for one in state["offers"]
    ]  # fmt: skip
    return {
        "seq": row["seq"], "owner": row["user_id"], "title": row["title"], "description": row["description"],
        "created_at": row["created_at"], "updated_at": row["updated_at"],
        "plan": state["plan"] and state["plan"]["id"], "next_stage": row["next_stage"],
        "status": row["status"], "current_stage": row["current_stage"], "progress": row["progress_percentage"],
        "dead": row["dead"], **_stages(tables, course_id, state["runs"]),
        "source": source and (source["source_id"], source["commit"], source["files"]["key"], source["repo_name"]),
        "selections": state["selections"],
        "pending documents": state["pending_documents"] and state["pending_documents"]["key"],
        "analysis": analysis and (
            analysis["documents"]["key"], analysis["analyses"]["key"], analysis["overview_document"],
            analysis["complexity_level"], analysis["engine"],
        ),
        "revisions": state["revisions"], "proposals": [one["pathway_id"] for one in state["proposals"]],
        "offers": offers, "selected pathway": state["selected_pathway"],
        "modules written": {one: ref["key"] for one, ref in state["written"].items()},
        "finished course": generated and (
            *(generated[name] for name in ("run_id", "pathway_id", "edition", "status")), generated["course"]["key"],
            len(generated["exports"]),
        ),
        **_rows(tables, course_id),
    }  # fmt: skip


def _rows(tables: Tables, course_id: str) -> Facts:
    offered = sorted(tables.of(pathways, course_id), key=lambda one: int(one["position"]))
    finished = next(iter(tables.of(generated_courses, course_id)), None)
    return {
        "rows of documents": {
            one["id"]: (one["run_id"], one["title"] if one["revised"] else None)
            for one in tables.of(analyzed_documents, course_id)
        },
        "rows of skipped documents": {one["id"]: one["run_id"] for one in tables.of(skipped_documents, course_id)},
        "rows of pathways": [(one["id"], one["title"], one["revised"]) for one in offered],
        "row of the selection": next(
            (one["selected_pathway_id"] for one in tables.of(stage3_selections, course_id)), None
        ),
        "rows of sources chosen": sorted(
            (one["source_id"], tuple(one["selected_folders"])) for one in tables.of(stage1_selections, course_id)
        ),
        "row of the finished course": finished and (finished["run_id"], finished["pathway_id"]),
        "rows of contents": {(one["run_id"], one["module_id"]) for one in tables.of(module_content, course_id)},
    }


def _stages(tables: Tables, course_id: str, runs: dict[str, dict[str, Any]]) -> Facts:
    found: Facts = {}
    for stage in PIPELINE:
        row = tables.task(course_id, stage.key)
        if row is None:
            continue
        counted, of = row["metadata"], f"{stage.key}'s"
        found |= {
            f"{of} run": row["task_id"], f"{of} status": row["status"], f"{of} progress": row["progress_percentage"],
            f"{of} planned": counted["planned"], f"{of} done": counted["done"], f"{of} attempt": row["attempt"],
            f"{of} error": row["error_code"], f"{of} message": row["error_message"],
            f"{of} retryable": row["retryable"], f"{of} death": row["dead"],
            f"{of} next attempt": row["next_attempt_at"], f"{of} outdated": row["outdated"],
            f"{of} notes": len(counted["notes"]), f"{of} start": row["started_at"], f"{of} end": row["completed_at"],
            f"{of} cancel": runs[stage.name]["cancel_requested"],
        }  # fmt: skip
    return found
