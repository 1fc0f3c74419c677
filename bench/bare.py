"""Bare FastAPI routes over the tables and blobs of a gateway: `python -m bench.bare DATABASE_URL BLOB_FOLDER PORT`.

No caller is checked and nothing is validated: what is left is the framework, the driver, and the query.
"""

import contextlib
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import asyncpg
import uvicorn
from fastapi import FastAPI, Response
from sqlalchemy import Text, bindparam, select

from services.gateway.readmodels.course_tasks import course_tasks
from services.gateway.readmodels.courses import IS_MINE, SHOWN, courses, mine
from services.gateway.readmodels.reads import Query

_COURSE = Query(select(*SHOWN).where(IS_MINE)).text
_TASKS = Query(mine(course_tasks)).text
_NEWEST = courses.c.created_at.desc(), courses.c.course_id.desc()
_LIST = Query(
    select(*SHOWN).where(courses.c.user_id == bindparam("owner", type_=Text)).order_by(*_NEWEST).limit(51)
).text  # fmt: skip
_OWNER = "local"


def build(database_url: str, blobs: Path) -> FastAPI:
    """The routes."""
    found: dict[str, asyncpg.Pool] = {}

    @contextlib.asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with asyncpg.create_pool(database_url, min_size=10, max_size=10) as found["pool"]:
            yield

    app = FastAPI(lifespan=lifespan)

    @app.get("/nothing")
    async def nothing() -> dict[str, str]:
        return {"status": "ok"}

    @app.get("/course/{course_id}")
    async def one_course(course_id: str) -> Any:
        return dict(await found["pool"].fetchrow(_COURSE, course_id, _OWNER))

    @app.get("/status/{course_id}")
    async def status(course_id: str) -> Any:
        async with found["pool"].acquire() as connection:
            row = await connection.fetchrow(_COURSE, course_id, _OWNER)
            stages = await connection.fetch(_TASKS, course_id, _OWNER)
        return {**row, "stages": [dict(stage) for stage in stages]}

    @app.get("/list")
    async def list_courses() -> Any:
        return [dict(row) for row in await found["pool"].fetch(_LIST, _OWNER, 51)]

    @app.get("/blob/{course_id}/{name}")
    async def blob(course_id: str, name: str) -> Response:
        await found["pool"].fetchrow(_COURSE, course_id, _OWNER)
        return Response((blobs / name).read_bytes(), media_type="application/json")

    return app


def main(arguments: list[str]) -> None:
    """Serve until killed, as uvicorn does by itself."""
    database_url, blobs, port = arguments
    uvicorn.run(build(database_url, Path(blobs)), port=int(port), log_level="warning", access_log=False)


if __name__ == "__main__":
    main(sys.argv[1:])
