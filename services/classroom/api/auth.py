"""Signing in and out."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from services.classroom.api.calls import Parts, Services, SignedIn
from services.classroom.api.people_known import know_people
from services.classroom.api.shapes import DoneView, LoginBody, SessionView
from services.classroom.decisions import people
from services.classroom.identities import Proof
from services.classroom.queries import find_by_emails, find_by_identity, find_person
from shared.classroom.people import PERSON_SIDE
from shared.kernel.errors import NotFound
from shared.kernel.refusals import Refusal, Refused
from shared.web.sessions import COOKIE
from shared.web.strict_json import StrictBodies
from shared.web.tokens import Unauthenticated

router = APIRouter(prefix="/auth", tags=["auth"], route_class=StrictBodies)


async def _path(request: Request) -> str:
    """Where the cookie counts: this application, wherever it is mounted."""
    return str(request.scope.get("root_path") or "/")


@router.post("/login")
async def login(
    body: LoginBody, services: Parts, response: Response, path: Annotated[str, Depends(_path)]
) -> SessionView:
    """Sign in with the token of an issuer. Who is not known becomes a user."""
    try:
        proof = await services.identities.prove(body.id_token)
    except Unauthenticated as error:
        raise _unknown("a token that its issuer gave to this classroom and that has not expired") from error
    if proof.email is not None and proof.email.strip().lower() != body.email:
        raise _unknown("a token of the person with this e-mail address")
    person_id = await _person_of(services, proof, body.email)
    sign_in = partial(
        people.sign_in, person_id=person_id, identity=proof.identity, given_name=body.given_name,
        family_name=body.family_name,
    )  # fmt: skip
    await services.commands.carry_out(PERSON_SIDE, person_id, sign_in)
    session = services.sessions.begin(person_id)
    async with services.reading() as connection:
        person = await find_person(connection, person_id)
    if person is None:
        raise NotFound("User not found")
    response.set_cookie(
        COOKIE, session.token, max_age=services.settings.session_seconds, path=path, httponly=True, samesite="lax",
        secure=services.settings.session_cookie_secure,
    )  # fmt: skip
    return SessionView(**person, token=session.token, expires_at=session.expires_at)


async def _person_of(services: Services, proof: Proof, email: str) -> str:
    """The person of an identity, else the one with the address. The one user of a local stack proves no address, so it
    leads to nobody that is there already.
    """
    async with services.reading() as connection:
        person_id = await find_by_identity(connection, proof.identity)
        is_taken = email in await find_by_emails(connection, [email])
    if person_id is not None:
        return person_id
    if proof.email is None and is_taken:
        raise _unknown("a token that proves this e-mail address")
    return (await know_people(services, [email], ""))[email]


def _unknown(expected: str) -> Refused:
    return Refused(Refusal(401, "unauthenticated", f"Send {expected} as `id_token`"))


@router.post("/logout")
async def logout(
    caller: SignedIn, services: Parts, response: Response, path: Annotated[str, Depends(_path)],
    everywhere: Annotated[bool, Query()] = False,
) -> DoneView:  # fmt: skip
    """Take the cookie back; with `everywhere` end all sessions of the caller."""
    if everywhere:
        end = partial(people.end_sessions, at=services.now())
        await services.commands.carry_out(PERSON_SIDE, caller.person_id, end)
    response.delete_cookie(COOKIE, path=path, httponly=True, samesite="lax")
    return DoneView()
