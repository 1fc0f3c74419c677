"""Events written by the classroom: people, organisations, cohorts. Class names are stored type names.

What tells who somebody is (address, names, identities) stands in events of that person alone. Every other event names
people by `person_id`, so a person who is deleted leaves an id without a meaning.
"""

from typing import ClassVar, Literal

from pydantic import AwareDatetime, Field, model_validator

from .base import AggregateId, Data, Event

OrgRole = Literal["owner", "admin"]
CohortRole = Literal["mentor", "learner"]
Scope = Literal["members:read", "cohorts:read", "courses:read", "chat:read"]
DripUnit = Literal["minute", "hour", "day", "week", "month", "year"]


class PersonEvent(Event):
    """A fact about one person."""

    prefix: ClassVar[str] = "person"
    key: ClassVar[str] = "person_id"

    person_id: AggregateId


class PersonAdded(PersonEvent):
    """A person is known by an e-mail address. `by` added the person to a school; empty for one who signed in."""

    email: str
    by: str = ""


class PersonNamed(PersonEvent):
    """The names and the colour of the picture that stands for the person, all of them as they are from now on."""

    first_name: str | None = None
    middle_name: str | None = None
    last_name: str | None = None
    default_dp_color: str
    time_zone: str | None = None  # of the tz database: the days of a streak are the person's own


class IdentityLinked(PersonEvent):
    """The person signs in with this subject of this issuer."""

    issuer: str
    subject: str

    def natural_key(self) -> str:
        return f"{self.issuer} {self.subject}"


class SessionsEnded(PersonEvent):
    """Every session of the person that began up to this time is over."""

    at: AwareDatetime


class FileNamed(PersonEvent):
    """The person may keep a file under this id. Its bytes lie in the blob store, or will."""

    file_id: AggregateId
    media_type: str

    def natural_key(self) -> str:
        return self.file_id


class PersonDeleted(PersonEvent):
    """The tombstone."""

    by: str


class OrgEvent(Event):
    """A fact about one organisation, a school."""

    prefix: ClassVar[str] = "org"
    key: ClassVar[str] = "org_id"

    org_id: AggregateId


class OrgFounded(OrgEvent):
    """An organisation exists; `by` is its first owner."""

    name: str
    slug: str
    logo_color: str
    by: str


class OrgRenamed(OrgEvent):
    """The organisation has another name."""

    name: str
    by: str


class OrgMemberAdded(OrgEvent):
    """A person runs the organisation, as its owner or an admin."""

    person_id: str
    role: OrgRole
    by: str

    def natural_key(self) -> str:
        return self.person_id


class OrgMemberRemoved(OrgEvent):
    """A person runs the organisation no more."""

    person_id: str
    by: str

    def natural_key(self) -> str:
        return self.person_id


class ApiKeyIssued(OrgEvent):
    """A program may read what `scopes` name. `digest`: sha256 of the key, which was shown once and is not stored."""

    key_id: str
    name: str
    digest: str
    scopes: list[Scope]
    by: str


class ApiKeyRevoked(OrgEvent):
    """The key opens nothing any more."""

    key_id: str
    by: str


class Criterion(Data):
    """One line of a scorecard. Without `pass_score` only the full score passes."""

    name: str = Field(min_length=1, max_length=255)
    description: str = Field(default="", max_length=4096)
    min_score: float = 0
    max_score: float
    pass_score: float | None = None

    @model_validator(mode="after")
    def _is_in_order(self) -> "Criterion":
        if not self.min_score <= self.passes_at <= self.max_score:
            raise ValueError("The scores are not in order: min_score, pass_score, max_score")
        return self

    @property
    def passes_at(self) -> float:
        """The score from which on it passes."""
        return self.max_score if self.pass_score is None else self.pass_score


class ScorecardWritten(OrgEvent):
    """A scorecard of the organisation says this from now on."""

    scorecard_id: str
    title: str
    criteria: list[Criterion]
    by: str

    def natural_key(self) -> str:
        return self.scorecard_id


class OrgDeleted(OrgEvent):
    """The tombstone."""

    by: str


class CohortEvent(Event):
    """A fact about one cohort of an organisation."""

    prefix: ClassVar[str] = "cohort"
    key: ClassVar[str] = "cohort_id"

    cohort_id: AggregateId


class CohortOpened(CohortEvent):
    """A cohort exists."""

    org_id: str
    name: str
    by: str


class CohortRenamed(CohortEvent):
    """The cohort has another name."""

    name: str
    by: str


class CohortMemberAdded(CohortEvent):
    """A person teaches or learns in the cohort; the time of this event is when the person joined."""

    person_id: str
    role: CohortRole
    by: str

    def natural_key(self) -> str:
        return self.person_id


class CohortMemberRemoved(CohortEvent):
    """A person left the cohort, and with it the batches of the cohort."""

    person_id: str
    by: str

    def natural_key(self) -> str:
        return self.person_id


class BatchMade(CohortEvent):
    """A part of the cohort has a name of its own."""

    batch_id: str
    name: str
    members: list[str]
    by: str


class BatchChanged(CohortEvent):
    """The batch has this name and these members from now on."""

    batch_id: str
    name: str
    members: list[str]
    by: str


class BatchDeleted(CohortEvent):
    """The batch is gone; its members stay in the cohort."""

    batch_id: str
    by: str


class Drip(Data):
    """When the milestones of a course open: the first at the start, each later one `frequency_value` units after the
    one before. The start is `publish_at`, else when the learner joined.
    """

    is_drip_enabled: bool = False
    frequency_value: int | None = Field(default=None, ge=1, le=10_000)
    frequency_unit: DripUnit | None = None
    publish_at: AwareDatetime | None = None

    @model_validator(mode="after")
    def _has_a_step(self) -> "Drip":
        if self.is_drip_enabled and not (self.frequency_value and self.frequency_unit):
            raise ValueError("A drip needs frequency_value and frequency_unit")
        return self


class CohortCourseSet(CohortEvent):
    """The cohort has a course, `content_id`, which opens like this."""

    content_id: str
    drip: Drip
    by: str

    def natural_key(self) -> str:
        return self.content_id


class CohortCourseRemoved(CohortEvent):
    """The cohort has the course no more."""

    content_id: str
    by: str

    def natural_key(self) -> str:
        return self.content_id


class CohortDeleted(CohortEvent):
    """The tombstone."""

    by: str
