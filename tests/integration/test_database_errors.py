"""Facts of an error of the database, for a log line that holds nothing of what users wrote."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import create_async_engine

from shared.kernel.logging import error_facts, without_contents
from tests.support.servers import Server


async def test_a_refused_row_is_named_by_code_table_and_constraint(postgres_server: Server) -> None:
    engine = create_async_engine(postgres_server.url)
    async with engine.connect() as connection:
        await connection.execute(
            text("CREATE TEMP TABLE titles (title text CONSTRAINT short CHECK (length(title) < 3))")
        )
        with pytest.raises(DBAPIError) as caught:
            await connection.execute(text("INSERT INTO titles VALUES (:title)"), {"title": "a secret title"})
    await engine.dispose()
    assert "a secret title" in str(caught.value)
    facts = error_facts(caught.value)
    assert {"sqlstate": "23514", "table": "titles", "constraint": "short"}.items() <= facts.items()
    assert "secret" not in str(facts)
    line = without_contents(None, "error", {"exception": str(caught.value)})
    assert "secret" not in line["exception"]
