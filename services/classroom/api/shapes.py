"""The shapes of requests and answers. Ids are strings."""

import re
from datetime import datetime
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    ModelWrapValidatorHandler,
    SecretStr,
    ValidationInfo,
    model_validator,
)

from shared.code.port import Verdict
from shared.events.classroom import CohortRole, OrgRole, Scope

MOST_AT_ONCE = 200  # people in one call: what is written for them is one piece


def _address(text: str) -> str:
    found = text.strip().lower()
    if not re.fullmatch(r"[^\s@]{1,64}@[^\s@.]+(\.[^\s@.]+)+", found) or not found.isprintable():
        raise ValueError("This is not an e-mail address")
    return found


Name = Annotated[str, Field(min_length=1, max_length=255, pattern=r"\S")]
Email = Annotated[str, Field(max_length=254), AfterValidator(_address)]
Id = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
Emails = Annotated[list[Email], Field(min_length=1, max_length=MOST_AT_ONCE)]
Ids = Annotated[list[Id], Field(max_length=MOST_AT_ONCE)]
SomeIds = Annotated[list[Id], Field(min_length=1, max_length=MOST_AT_ONCE)]


_SENT = object()


class Body(BaseModel):
    """A body. A field that is not known is refused, in what it holds of the event contract too: readers of events pass
    over one.
    """

    model_config = ConfigDict(extra="forbid")

    @model_validator(mode="wrap")
    @classmethod
    def _know_all(cls, sent: Any, handler: ModelWrapValidatorHandler[Self], info: ValidationInfo) -> Self:
        return handler(sent) if info.context is _SENT else cls.model_validate(sent, extra="forbid", context=_SENT)


class LoginBody(Body):
    """The token of an issuer, and the names that its person has there."""

    email: Email
    given_name: Name
    family_name: str | None = Field(default=None, max_length=255)
    id_token: str = Field(min_length=1, max_length=16 * 1024)


class OrgBody(Body):
    """A new organisation. `user_id` is the caller's, where it is sent."""

    name: Name
    slug: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$")
    user_id: Id | None = None


class NameBody(Body):
    """Another name."""

    name: Name


class EmailsBody(Body):
    """People by their addresses."""

    emails: Emails


class UserIdsBody(Body):
    """People by their ids."""

    user_ids: SomeIds


class ApiKeyBody(Body):
    """A key for a program."""

    name: Name
    scopes: list[Scope] = Field(min_length=1, max_length=4)


class ModelKeyBody(Body):
    """The organisation's own key of a model, as its provider gave it; the name of the field is that of the platform's
    front ends. Without a key there is the free trial alone.
    """

    encrypted_openai_api_key: SecretStr | None = Field(default=None, min_length=8, max_length=512)
    is_free_trial: bool = False


class CohortBody(Body):
    """A new cohort."""

    name: Name
    org_id: Id


class CohortMembersBody(Body):
    """People and their roles, two lists side by side. The organisation is the cohort's, where it is sent."""

    emails: Emails
    roles: list[CohortRole] = Field(min_length=1, max_length=MOST_AT_ONCE)
    org_id: Id | None = None
    org_slug: str | None = None


class MemberIdsBody(Body):
    """Members of a cohort by their ids."""

    member_ids: SomeIds


class BatchBody(Body):
    """A new batch of a cohort."""

    name: Name
    cohort_id: Id
    user_ids: Ids = []


class BatchChangeBody(Body):
    """A batch as it is from now on."""

    name: Name
    members_added: Ids = []
    members_removed: Ids = []


class IdView(BaseModel):
    """What was made."""

    id: str


class DoneView(BaseModel):
    """It was done."""

    success: Literal[True] = True


class UserView(BaseModel):
    """A person."""

    id: str
    email: str
    first_name: str | None
    middle_name: str | None
    last_name: str | None
    default_dp_color: str
    time_zone: str | None
    created_at: datetime


class SessionView(UserView):
    """The person who signed in. `token` is what the cookie holds, for clients that send it as Bearer."""

    token: str
    expires_at: datetime


class OrgView(BaseModel):
    """An organisation in a list."""

    id: str
    name: str
    slug: str


class OrgDetailView(OrgView):
    """An organisation."""

    logo_color: str


class OrgMemberView(BaseModel):
    """Who runs an organisation."""

    id: str
    email: str
    role: OrgRole


class ApiKeyView(BaseModel):
    """A key, without what opens."""

    id: str
    name: str
    scopes: list[Scope]


class NewApiKeyView(ApiKeyView):
    """A key as it is shown once."""

    api_key: str


class ModelKeyView(BaseModel):
    """What is shown of an organisation's key of a model: the end of it."""

    last_four: str | None = None
    is_free_trial: bool = False
    changed_at: datetime | None = None


class SpentView(BaseModel):
    """What a model cost in one conversation of this month, estimated by the prices of the settings."""

    conversation_id: str
    paid_by: Literal["organization", "trial", "operator"]
    messages: int
    input_tokens: int
    output_tokens: int
    cost_usd: float


class CohortView(BaseModel):
    """A cohort in a list."""

    id: str
    name: str


class CohortMemberView(BaseModel):
    """Who teaches or learns in a cohort."""

    id: str
    email: str
    role: CohortRole
    first_name: str | None
    middle_name: str | None
    last_name: str | None


class CohortDetailView(CohortView):
    """A cohort with those of its members whom the caller sees."""

    org_id: str
    members: list[CohortMemberView]


class UserOrgView(BaseModel):
    """An organisation that a person runs."""

    id: str
    name: str
    role: OrgRole


class UserCohortView(CohortView):
    """A cohort of a person."""

    org_id: str
    org_name: str
    role: CohortRole


class BatchView(BaseModel):
    """A batch in a list."""

    id: str
    name: str


class UserOrgCohortView(CohortView):
    """A cohort of one organisation as a person has it; `admin` for those who run the organisation."""

    role: Literal["admin", "mentor", "learner"]
    joined_at: datetime | None = None
    batches: list[BatchView] | None = None


class BatchDetailView(BatchView):
    """A batch with its members."""

    cohort_id: str
    members: list[CohortMemberView]


class UserBatchView(BaseModel):
    """A batch of a person."""

    batch_id: str
    name: str
    role: CohortRole


class HealthView(BaseModel):
    """The process is alive."""

    status: Literal["ok"] = "ok"


class RunView(BaseModel):
    """What came of a program, as `shared.code.port.Result` describes it."""

    verdict: Verdict
    stdout: str
    stderr: str
    exit: int | None
    seconds: float
    memory_bytes: int
    tests: list[Verdict]


class SignedUploadView(BaseModel):
    """Where a file may be sent, and its id."""

    presigned_url: str
    file_key: str
    file_uuid: str


class SignedFileView(BaseModel):
    """Where a file may be fetched."""

    url: str


class StoredFileView(BaseModel):
    """A file that was stored."""

    file_key: str
    file_path: str
    file_uuid: str
    static_url: str
