"""Rights in the database: a role for each kind of process, applied at the end of every migration to be always whole.

The migrations' user owns schema `app`. The projector owns the read tables, because a rebuild makes and renames
schemas of them; those it makes get the owner and the grants of the live one. Stages have no role: they never connect.
The tutor reads no read table.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import structlog
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from shared.classroom.cohorts import cohorts
from shared.classroom.contents import content_tasks, contents
from shared.classroom.learners import learner_attempts, learner_chat, learners
from shared.classroom.orgs import orgs
from shared.classroom.people import persons
from shared.classroom.sides import CLASSROOM_SIDES
from shared.readmodels.checkpoint import checkpoints
from shared.readmodels.side import tables_of

log = structlog.get_logger(__name__)

GATEWAY = "coursewright_gateway"
PROJECTOR = "coursewright_projector"
OPERATOR = "coursewright_operator"
CLASSROOM = "coursewright_classroom"
NOTIFIER = "coursewright_notifier"
TUTOR = "coursewright_tutor"
ROLES = (GATEWAY, PROJECTOR, OPERATOR, CLASSROOM, NOTIFIER, TUTOR)

_MAINTAIN_SINCE = 170000


@dataclass(frozen=True)
class AppTable:
    """Rights on a table of schema `app`; the operator reads all of them. `maintain`: the projector may vacuum it."""

    gateway: str = ""
    projector: str = ""
    notifier: str = ""
    classroom: str = ""
    tutor: str = ""
    maintain: bool = False


APP_TABLES: Mapping[str, AppTable] = {
    "alembic_version": AppTable(gateway="SELECT", projector="SELECT"),
    "idempotency_keys": AppTable(
        gateway="SELECT, INSERT, UPDATE, DELETE",
        projector="SELECT (course_id), DELETE",
        classroom="SELECT (key_hash, request_hash, command_id, claimed_at), INSERT, DELETE",
        maintain=True,
    ),
    "webhooks": AppTable(gateway="SELECT, INSERT, UPDATE, DELETE"),
    "credentials": AppTable(gateway="SELECT, INSERT, UPDATE, DELETE"),
    # The eraser takes away what was told of a deleted course.
    "webhook_deliveries": AppTable(
        gateway="SELECT, INSERT, UPDATE, DELETE", projector="SELECT (course_id, event_type), DELETE", maintain=True
    ),
    "deleted_use": AppTable(gateway="SELECT", projector="SELECT, INSERT, DELETE", maintain=True),
    "erasures": AppTable(projector="SELECT, INSERT, UPDATE, DELETE", maintain=True),
    # Whoever keeps a key does not read it again; the end of it is shown. The eraser removes it with its school.
    "org_model_keys": AppTable(
        classroom="SELECT (org_id, last_four, is_free_trial, changed_at), INSERT, UPDATE, DELETE",
        projector="SELECT (org_id), DELETE",
        tutor="SELECT",
        maintain=True,
    ),
    "model_spending": AppTable(
        classroom="SELECT, INSERT, UPDATE",
        projector="SELECT (org_id), DELETE",
        tutor="SELECT, INSERT, UPDATE",
        maintain=True,
    ),
    "notices": AppTable(notifier="SELECT, INSERT, UPDATE, DELETE"),
    "notifier_places": AppTable(notifier="SELECT, INSERT, UPDATE"),
}
# The read tables that the notifier finds its words and what is due in; it sees nothing that a learner wrote.
READ_BY_NOTIFIER = {
    checkpoints: "", persons: "person_id, email, first_name, last_name", orgs: "org_id, name",
    cohorts: "cohort_id, org_id, name", contents: "", content_tasks: "", learners: "learner_id, org_id",
    learner_attempts: "learner_id, at", learner_chat: "learner_id, role, at",
}  # fmt: skip


def apply_privileges(connection: Connection) -> None:
    """Make the roles, own the read tables, and grant exactly what is written here; safe to repeat.

    A user who may not make roles can only go on as the one user of everything; that is said in the log.
    """
    missing = [role for role in ROLES if not _exists(connection, role)]
    if missing and not _ask(connection, "SELECT rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = current_user"):
        log.warning("database_roles_missing", roles=missing)
        return
    for role in missing:
        connection.execute(text(_CREATE_ROLE.format(role=role)))
    # Who makes a role may administer it, but is not yet a member that may hand it tables.
    if not _ask(connection, f"SELECT pg_has_role('{PROJECTOR}', 'SET') AND pg_has_role('{PROJECTOR}', 'USAGE')"):
        connection.execute(text(f"GRANT {PROJECTOR} TO CURRENT_USER WITH INHERIT TRUE, SET TRUE"))
    for statement in _statements(connection):
        connection.execute(text(statement))


def own_read_tables(connection: Connection) -> None:
    """The part of it for read tables, which their owner may apply as well; nothing where roles are missing."""
    if all(_exists(connection, role) for role in ROLES):
        for statement in _own_read_tables(connection):
            connection.execute(text(statement))


# Roles belong to the whole cluster: another database may be migrated at the same moment.
_CREATE_ROLE = """
DO $$ BEGIN CREATE ROLE {role} NOLOGIN;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$
"""


def _exists(connection: Connection, role: str) -> bool:
    return bool(connection.scalar(text("SELECT 1 FROM pg_roles WHERE rolname = :role"), {"role": role}))


def _ask(connection: Connection, question: str) -> bool:
    return bool(connection.scalar(text(question)))


def _statements(connection: Connection) -> Iterator[str]:
    database = connection.scalar(text("SELECT quote_ident(current_database())"))
    everybody = ", ".join(ROLES)
    yield f"REVOKE ALL ON DATABASE {database} FROM PUBLIC"
    yield f"GRANT CONNECT ON DATABASE {database} TO {everybody}"
    yield f"GRANT CREATE, TEMPORARY ON DATABASE {database} TO {PROJECTOR}"
    yield f"GRANT USAGE ON SCHEMA app TO {everybody}"
    yield f"REVOKE ALL ON ALL TABLES IN SCHEMA app FROM {everybody}"
    yield f"GRANT SELECT ON ALL TABLES IN SCHEMA app TO {OPERATOR}"
    maintains = connection.scalar(text("SELECT current_setting('server_version_num')::int")) >= _MAINTAIN_SINCE
    there = set(connection.scalars(text("SELECT tablename FROM pg_tables WHERE schemaname = 'app'")))
    for name in sorted(APP_TABLES.keys() & there):
        table = APP_TABLES[name]
        rights = {
            GATEWAY: table.gateway, PROJECTOR: table.projector, NOTIFIER: table.notifier, CLASSROOM: table.classroom,
            TUTOR: table.tutor,
        }  # fmt: skip
        for role, granted in rights.items():
            if granted:
                yield f"GRANT {granted} ON app.{name} TO {role}"
        if table.maintain and maintains:
            yield f"GRANT MAINTAIN ON app.{name} TO {PROJECTOR}"
    yield from _own_read_tables(connection)


def _own_read_tables(connection: Connection) -> Iterator[str]:
    """Only what has another owner changes hands: it locks the table."""
    for schema in connection.scalars(_SCHEMAS).all():
        yield f"ALTER SCHEMA {schema} OWNER TO {PROJECTOR}"
        yield f"GRANT USAGE ON SCHEMA {schema} TO {CLASSROOM}, {GATEWAY}, {NOTIFIER}, {OPERATOR}"
        for table in connection.scalars(_TABLES_OF_OTHERS, {"schema": schema, "role": PROJECTOR}).all():
            yield f"ALTER TABLE {table} OWNER TO {PROJECTOR}"
        yield f"REVOKE ALL ON ALL TABLES IN SCHEMA {schema} FROM {CLASSROOM}, {GATEWAY}, {NOTIFIER}, {OPERATOR}"
        there = set(connection.scalars(_TABLES, {"schema": schema}))
        for table in tables_of(CLASSROOM_SIDES):
            if table.name in there:
                yield f"GRANT SELECT ON {schema}.{table.name} TO {CLASSROOM}"
                if (columns := READ_BY_NOTIFIER.get(table)) is not None:
                    yield f"GRANT SELECT {columns and f'({columns})'} ON {schema}.{table.name} TO {NOTIFIER}"
        yield f"GRANT SELECT ON ALL TABLES IN SCHEMA {schema} TO {GATEWAY}, {OPERATOR}"


_SCHEMAS = text("SELECT quote_ident(nspname) FROM pg_namespace WHERE nspname ~ '^read_v[0-9]+(_|$)'")
_TABLES = text("SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = to_regnamespace(:schema)")
_TABLES_OF_OTHERS = text(
    "SELECT format('%s.%I', CAST(:schema AS text), relname) FROM pg_class WHERE relkind = 'r'"
    " AND relnamespace = to_regnamespace(:schema) AND relowner <> to_regrole(:role)"
)


async def let_in(database_url: str, passwords: Mapping[str, str]) -> None:
    """Let roles log in with a password each, for a database nobody else manages. `database_url`: its owner's."""
    engine = create_async_engine(database_url, poolclass=NullPool)
    async with engine.begin() as connection:
        for role, password in passwords.items():
            quoted = await connection.scalar(text("SELECT quote_literal(:password)"), {"password": password})
            await connection.exec_driver_sql(f"ALTER ROLE {role} LOGIN PASSWORD {quoted}")
    await engine.dispose()
