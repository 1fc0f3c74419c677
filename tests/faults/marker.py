"""Looking for a word in everything a local stack keeps: the log's files, the tables, the blobs, PostgreSQL's files, and
what its planner copied out of the tables.
"""

import asyncio
from collections import Counter
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from cli.local.stack import LocalStack
from shared.event_log.names import DEAD

_TABLES = text(
    "SELECT format('%I.%I', table_schema, table_name) FROM information_schema.tables"
    " WHERE table_type = 'BASE TABLE' AND (table_schema = 'app' OR table_schema LIKE 'read%')"
)


def in_files(folder: Path, word: str) -> int:
    """How often the word is in all bytes and names below a folder, in whatever case."""
    wanted = word.lower().encode()
    return sum(
        (path.read_bytes().lower().count(wanted) if path.is_file() else 0) + path.name.lower().count(word.lower())
        for path in folder.rglob("*")
    )


async def in_database(database_url: str, word: str) -> Counter[str]:
    """Rows that have the word anywhere, by table of ours."""
    engine = create_async_engine(database_url)
    found: Counter[str] = Counter()
    async with engine.connect() as connection:
        for table in await connection.scalars(_TABLES):
            rows = f"SELECT count(*) FROM {table} AS t WHERE lower(t::text) LIKE :word"
            found[table] = int(await connection.scalar(text(rows), {"word": f"%{word.lower()}%"}) or 0)
    await engine.dispose()
    return +found


def places(stack: LocalStack, word: str) -> dict[str, int]:
    """Hits by place: events, dead letters, tables (rows), of them deliveries to webhooks, blobs."""
    blobs = Path(urlsplit(stack.blob_store_url).path)
    rows = asyncio.run(in_database(stack.database_url(), word))
    log = stack.data_dir / "jetstream"
    letters = sum(in_files(folder, word) for folder in log.rglob(DEAD) if folder.is_dir())
    return {
        "events": in_files(log, word) - letters,
        "dead letters": letters,
        "tables": rows.total(),
        "deliveries": rows["app.webhook_deliveries"],
        "blobs": in_files(blobs, word),
    }


def copies(stack: LocalStack, word: str) -> dict[str, int]:
    """Hits where the word never belongs, by place: the planner's statistics, made anew, and the database's own log."""
    assert stack._postgres is not None
    log = stack._postgres.process.log.read_bytes().lower()
    statistics = asyncio.run(_in_statistics(stack.database_url(), word))
    return {"the planner's statistics": statistics, "PostgreSQL's log": log.count(word.lower().encode())}


async def _in_statistics(database_url: str, word: str) -> int:
    """Columns of whose values the planner has copied the word."""
    engine = create_async_engine(database_url, isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        await connection.execute(text("ANALYZE"))
        columns = "SELECT count(*) FROM pg_stats AS s WHERE lower(s::text) LIKE :word"
        found = int(await connection.scalar(text(columns), {"word": f"%{word.lower()}%"}) or 0)
    await engine.dispose()
    return found


def pending_erasures(stack: LocalStack) -> int:
    """Deleted courses the eraser has still to look at."""

    async def count() -> int:
        engine = create_async_engine(stack.database_url())
        async with engine.connect() as connection:
            number = int(await connection.scalar(text("SELECT count(*) FROM app.erasures")) or 0)
        await engine.dispose()
        return number

    return asyncio.run(count())
