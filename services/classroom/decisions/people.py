"""What may be decided on a person."""

from datetime import datetime

from services.classroom.decisions import Decision
from shared.classroom.people import Identity, Person
from shared.events.classroom import FileNamed, IdentityLinked, PersonDeleted, PersonNamed, SessionsEnded
from shared.kernel.refusals import Refusal

MOST_FILES = 5000
_COLORS = ("#2d6a4f", "#1d3557", "#9d0208", "#6a4c93", "#b5651d", "#00695c")


def color_of(person_id: str) -> str:
    """The colour of the picture that stands for a person or a school without a picture."""
    return _COLORS[sum(person_id.encode()) % len(_COLORS)]


def sign_in(person: Person, person_id: str, identity: Identity, given_name: str, family_name: str | None) -> Decision:
    """Link the identity if it is new, and complete a person without a name: the first word is the first name."""
    if not person.exists:
        return _gone()
    linked = () if identity in person.identities else (
        IdentityLinked(person_id=person_id, issuer=identity[0], subject=identity[1]),
    )  # fmt: skip
    first, *middle = given_name.split()
    if person.first_name:
        return linked
    named = PersonNamed(
        person_id=person_id, first_name=first, middle_name=" ".join(middle) or None, last_name=family_name or None,
        default_dp_color=person.default_dp_color or color_of(person_id), time_zone=person.time_zone,
    )  # fmt: skip
    return *linked, named


def rename(
    person: Person, first_name: str | None = None, middle_name: str | None = None, last_name: str | None = None,
    default_dp_color: str | None = None, time_zone: str | None = None,
) -> Decision:  # fmt: skip
    """The names as they are from now on; what is left out stays, and an empty name is taken away."""
    if not person.exists:
        return _gone()
    named = PersonNamed(
        person_id=person.id, first_name=first_name or person.first_name or "",
        middle_name=(person.middle_name if middle_name is None else middle_name) or None,
        last_name=(person.last_name if last_name is None else last_name) or None,
        default_dp_color=default_dp_color or person.default_dp_color or color_of(person.id),
        time_zone=time_zone or person.time_zone,
    )  # fmt: skip
    return () if _is_named(person, named) else (named,)


def _is_named(person: Person, named: PersonNamed) -> bool:
    return all(getattr(person, name) == value for name, value in named.model_dump(exclude={"person_id"}).items())


def end_sessions(person: Person, at: datetime) -> Decision:
    """Have every session that began up to now be over."""
    return (SessionsEnded(person_id=person.id, at=at),) if person.exists else _gone()


def name_file(person: Person, file_id: str, media_type: str) -> Decision:
    """A file that the person is going to keep: it has a name before it has bytes, so no bytes are without one."""
    if not person.exists:
        return _gone()
    if person.files >= MOST_FILES:
        return Refusal(409, "too_many", f"A person keeps at most {MOST_FILES} files")
    return (FileNamed(person_id=person.id, file_id=file_id, media_type=media_type),)


def delete(person: Person, by: str) -> Decision:
    """The person, with everything that tells who it was. Somebody who has signed in does this alone."""
    if not person.exists:
        return _gone() if by == person.id else Refusal(404, "not_found", "User not found")
    if person.identities and by != person.id:
        return Refusal(403, "not_yourself", "A user does this for itself alone")
    return (PersonDeleted(person_id=person.id, by=by),)


def _gone() -> Refusal:
    """The refusal for a caller who is deleted, and whose session the tables do not yet show as over."""
    return Refusal(401, "unauthenticated", "The user was deleted and the session is over; sign in to be a new user")
