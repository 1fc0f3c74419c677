"""The tables of the first version"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0001"
down_revision: str | None = None
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Apply."""
    op.execute("CREATE SCHEMA IF NOT EXISTS read_v1")
    op.create_table(
        "checkpoints",
        sa.Column("projection", sa.Text(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("projection", name=op.f("pk_checkpoints")),
        schema="read_v1",
    )
    op.create_table(
        "courses",
        sa.Column("course_id", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("current_stage", sa.Text(), nullable=False),
        sa.Column("progress_percentage", sa.Integer(), nullable=False),
        sa.Column("dead", sa.Boolean(), nullable=False),
        sa.Column("repo_url", sa.Text(), nullable=True),
        sa.Column("repo_name", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("next_stage", sa.Text(), nullable=True),
        sa.Column("state", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("course_id", name=op.f("pk_courses")),
        schema="read_v1",
    )
    op.create_index(
        "ix_courses_next_stage",
        "courses",
        ["next_stage"],
        unique=False,
        schema="read_v1",
        postgresql_where=sa.text("next_stage IS NOT NULL"),
    )
    op.create_index(
        "ix_courses_owner_newest",
        "courses",
        ["user_id", sa.literal_column("created_at DESC"), sa.literal_column("course_id DESC")],
        unique=False,
        schema="read_v1",
    )
    op.create_table(
        "erasures",
        sa.Column("course_id", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("course_id", name=op.f("pk_erasures")),
        schema="read_v1",
    )
    op.create_table(
        "analyzed_documents",
        sa.Column("course_id", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("source_id", sa.Text(), nullable=False),
        sa.Column("run_id", sa.Text(), nullable=False),
        sa.Column("file_path", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("doc_type", sa.Text(), nullable=False),
        sa.Column("complexity_level", sa.Text(), nullable=False),
        sa.Column("key_concepts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("learning_objectives", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("prerequisites", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("related_topics", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("headings", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("definitions", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("word_count", sa.Integer(), nullable=False),
        sa.Column("revised", sa.Boolean(), nullable=False),
        sa.Column("analyzed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["course_id"],
            ["read_v1.courses.course_id"],
            name=op.f("fk_analyzed_documents_course_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("course_id", "id", name=op.f("pk_analyzed_documents")),
        schema="read_v1",
    )
    op.create_table(
        "course_tasks",
        sa.Column("course_id", sa.Text(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("task_id", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("progress_percentage", sa.Integer(), nullable=False),
        sa.Column("current_step", sa.Text(), nullable=True),
        sa.Column("error_message", sa.Text(), nullable=True),
        sa.Column("error_code", sa.Text(), nullable=True),
        sa.Column("retryable", sa.Boolean(), nullable=False),
        sa.Column("dead", sa.Boolean(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("next_attempt_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outdated", sa.Boolean(), nullable=False),
        sa.Column("metadata", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["course_id"], ["read_v1.courses.course_id"], name=op.f("fk_course_tasks_course_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("course_id", "stage", name=op.f("pk_course_tasks")),
        schema="read_v1",
    )
    op.create_table(
        "generated_courses",
        sa.Column("course_id", sa.Text(), nullable=False),
        sa.Column("run_id", sa.Text(), nullable=False),
        sa.Column("pathway_id", sa.Text(), nullable=False),
        sa.Column("export_path", sa.Text(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("course_key", sa.Text(), nullable=False),
        sa.Column("edition", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("engine", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("audience", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("sources", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("generated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["course_id"],
            ["read_v1.courses.course_id"],
            name=op.f("fk_generated_courses_course_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("course_id", name=op.f("pk_generated_courses")),
        schema="read_v1",
    )
    op.create_table(
        "module_content",
        sa.Column("course_id", sa.Text(), nullable=False),
        sa.Column("run_id", sa.Text(), nullable=False),
        sa.Column("module_id", sa.Text(), nullable=False),
        sa.Column("sequence_order", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("estimated_minutes", sa.Integer(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("problems", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("objectives", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("prerequisites", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("document_ids", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("introduction", sa.Text(), nullable=False),
        sa.Column("main_content", sa.Text(), nullable=False),
        sa.Column("conclusion", sa.Text(), nullable=False),
        sa.Column("assessment", sa.Text(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("items", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("citations", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("generated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["course_id"], ["read_v1.courses.course_id"], name=op.f("fk_module_content_course_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("course_id", "run_id", "module_id", name=op.f("pk_module_content")),
        schema="read_v1",
    )
    op.create_table(
        "pathways",
        sa.Column("course_id", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("complexity_level", sa.Text(), nullable=False),
        sa.Column("estimated_duration", sa.Text(), nullable=False),
        sa.Column("estimated_minutes", sa.Integer(), nullable=False),
        sa.Column("prerequisites", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("revised", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["course_id"], ["read_v1.courses.course_id"], name=op.f("fk_pathways_course_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("course_id", "id", name=op.f("pk_pathways")),
        schema="read_v1",
    )
    op.create_table(
        "repository_files",
        sa.Column("course_id", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("source_id", sa.Text(), nullable=False),
        sa.Column("file_path", sa.Text(), nullable=False),
        sa.Column("file_type", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("is_documentation", sa.Boolean(), nullable=False),
        sa.Column("is_overview_candidate", sa.Boolean(), nullable=False),
        sa.Column("file_size", sa.BigInteger(), nullable=True),
        sa.Column("documents", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["course_id"], ["read_v1.courses.course_id"], name=op.f("fk_repository_files_course_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("course_id", "id", name=op.f("pk_repository_files")),
        schema="read_v1",
    )
    op.create_index(
        "ix_repository_files_path", "repository_files", ["course_id", "file_path"], unique=False, schema="read_v1"
    )
    op.create_table(
        "skipped_documents",
        sa.Column("course_id", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("run_id", sa.Text(), nullable=False),
        sa.Column("file_path", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["course_id"],
            ["read_v1.courses.course_id"],
            name=op.f("fk_skipped_documents_course_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("course_id", "id", name=op.f("pk_skipped_documents")),
        schema="read_v1",
    )
    op.create_table(
        "stage1_selections",
        sa.Column("course_id", sa.Text(), nullable=False),
        sa.Column("source_id", sa.Text(), nullable=False),
        sa.Column("selected_folders", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("overview_document", sa.Text(), nullable=True),
        sa.Column("excluded_files", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("selected_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["course_id"],
            ["read_v1.courses.course_id"],
            name=op.f("fk_stage1_selections_course_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("course_id", "source_id", name=op.f("pk_stage1_selections")),
        schema="read_v1",
    )
    op.create_table(
        "stage2_inputs",
        sa.Column("course_id", sa.Text(), nullable=False),
        sa.Column("complexity_level", sa.Text(), nullable=False),
        sa.Column("additional_info", sa.Text(), nullable=False),
        sa.Column("engine", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["course_id"], ["read_v1.courses.course_id"], name=op.f("fk_stage2_inputs_course_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("course_id", name=op.f("pk_stage2_inputs")),
        schema="read_v1",
    )
    op.create_table(
        "stage3_inputs",
        sa.Column("course_id", sa.Text(), nullable=False),
        sa.Column("complexity_level", sa.Text(), nullable=False),
        sa.Column("additional_info", sa.Text(), nullable=False),
        sa.Column("engine", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["course_id"], ["read_v1.courses.course_id"], name=op.f("fk_stage3_inputs_course_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("course_id", name=op.f("pk_stage3_inputs")),
        schema="read_v1",
    )
    op.create_table(
        "course_exports",
        sa.Column("course_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("blob_key", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["course_id"],
            ["read_v1.generated_courses.course_id"],
            name=op.f("fk_course_exports_course_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("course_id", "kind", name=op.f("pk_course_exports")),
        schema="read_v1",
    )
    op.create_table(
        "modules",
        sa.Column("course_id", sa.Text(), nullable=False),
        sa.Column("pathway_id", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("sequence_order", sa.Integer(), nullable=False),
        sa.Column("part", sa.Text(), nullable=False),
        sa.Column("learning_objectives", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("sections", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("estimated_time", sa.Text(), nullable=False),
        sa.Column("estimated_minutes", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["course_id", "pathway_id"],
            ["read_v1.pathways.course_id", "read_v1.pathways.id"],
            name=op.f("fk_modules_course_id_pathway_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("course_id", "pathway_id", "id", name=op.f("pk_modules")),
        schema="read_v1",
    )
    op.create_table(
        "stage3_selections",
        sa.Column("course_id", sa.Text(), nullable=False),
        sa.Column("selected_pathway_id", sa.Text(), nullable=False),
        sa.Column("selected_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["course_id", "selected_pathway_id"],
            ["read_v1.pathways.course_id", "read_v1.pathways.id"],
            name=op.f("fk_stage3_selections_course_id_selected_pathway_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["course_id"],
            ["read_v1.courses.course_id"],
            name=op.f("fk_stage3_selections_course_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("course_id", name=op.f("pk_stage3_selections")),
        schema="read_v1",
    )
    op.create_table(
        "module_documents",
        sa.Column("course_id", sa.Text(), nullable=False),
        sa.Column("pathway_id", sa.Text(), nullable=False),
        sa.Column("module_id", sa.Text(), nullable=False),
        sa.Column("document_id", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["course_id", "document_id"],
            ["read_v1.analyzed_documents.course_id", "read_v1.analyzed_documents.id"],
            name=op.f("fk_module_documents_course_id_document_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["course_id", "pathway_id", "module_id"],
            ["read_v1.modules.course_id", "read_v1.modules.pathway_id", "read_v1.modules.id"],
            name=op.f("fk_module_documents_course_id_pathway_id_module_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "course_id", "pathway_id", "module_id", "document_id", name=op.f("pk_module_documents")
        ),
        schema="read_v1",
    )
    op.create_index(
        "ix_module_documents_document", "module_documents", ["course_id", "document_id"], unique=False, schema="read_v1"
    )
    op.create_table(
        "idempotency_keys",
        sa.Column("key_hash", sa.Text(), nullable=False),
        sa.Column("request_hash", sa.Text(), nullable=False),
        sa.Column("command_id", sa.Text(), nullable=False),
        sa.Column("course_id", sa.Text(), nullable=True),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("headers", sa.JSON(), nullable=True),
        sa.Column("body", sa.JSON(), nullable=True),
        sa.Column("claimed_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("key_hash"),
        schema="app",
    )
    op.create_index("ix_idempotency_keys_claimed_at", "idempotency_keys", ["claimed_at"], unique=False, schema="app")
    op.create_index("ix_idempotency_keys_course_id", "idempotency_keys", ["course_id"], unique=False, schema="app")


def downgrade() -> None:
    """Take back."""
    op.drop_index("ix_idempotency_keys_course_id", table_name="idempotency_keys", schema="app")
    op.drop_index("ix_idempotency_keys_claimed_at", table_name="idempotency_keys", schema="app")
    op.drop_table("idempotency_keys", schema="app")
    op.drop_index("ix_module_documents_document", table_name="module_documents", schema="read_v1")
    op.drop_table("module_documents", schema="read_v1")
    op.drop_table("stage3_selections", schema="read_v1")
    op.drop_table("modules", schema="read_v1")
    op.drop_table("course_exports", schema="read_v1")
    op.drop_table("stage3_inputs", schema="read_v1")
    op.drop_table("stage2_inputs", schema="read_v1")
    op.drop_table("stage1_selections", schema="read_v1")
    op.drop_table("skipped_documents", schema="read_v1")
    op.drop_index("ix_repository_files_path", table_name="repository_files", schema="read_v1")
    op.drop_table("repository_files", schema="read_v1")
    op.drop_table("pathways", schema="read_v1")
    op.drop_table("module_content", schema="read_v1")
    op.drop_table("generated_courses", schema="read_v1")
    op.drop_table("course_tasks", schema="read_v1")
    op.drop_table("analyzed_documents", schema="read_v1")
    op.drop_table("erasures", schema="read_v1")
    op.drop_index("ix_courses_owner_newest", table_name="courses", schema="read_v1")
    op.drop_index(
        "ix_courses_next_stage",
        table_name="courses",
        schema="read_v1",
        postgresql_where=sa.text("next_stage IS NOT NULL"),
    )
    op.drop_table("courses", schema="read_v1")
    op.drop_table("checkpoints", schema="read_v1")
