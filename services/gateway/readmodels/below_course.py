"""The columns by which a table lies below `courses`."""

from sqlalchemy import Column, ForeignKeyConstraint, Text

from shared.readmodels.base import SCHEMA


def course_key() -> Column[str]:
    """The first key column of every table below `courses`."""
    return Column("course_id", Text, primary_key=True)


def belongs_to_course() -> ForeignKeyConstraint:
    """A row goes when its course goes."""
    return ForeignKeyConstraint(["course_id"], [f"{SCHEMA}.courses.course_id"], ondelete="CASCADE")
