"""Who may do what on NATS: the one table. The servers' configuration is generated from it, never written by hand.

A user may publish what its module of the contract defines and nothing else, so a stage can neither ask for work nor
record the work of another. Three types all stages may write: StageDead, StageCanceled, StageRetryScheduled. Their
subject ends with the stage, so each may write its own; a reader refuses an event whose data name another.
Reading the log is the right of every service: a run continues from what the log holds.
"""

import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from shared.event_log.topology import COURSES, DEAD, PROGRESS, WEBHOOKS
from shared.events import EVENT_TYPES, gateway, subject_pattern
from shared.events.base import Event
from shared.pipeline import PIPELINE, StageRow

_API = "$JS.API"
_STREAMS = (COURSES, PROGRESS, DEAD)
_KEPT = (COURSES, DEAD)  # what a backup holds
_OURS = (*(row.durable for row in PIPELINE), WEBHOOKS)
_EVERY_STAGE = "stage"  # the module of the contract that all stages write


@dataclass(frozen=True)
class Rights:
    """The subjects a user may publish and subscribe to. What is denied is denied whatever else allows it."""

    user: str
    publish: tuple[str, ...]
    subscribe: tuple[str, ...] = ()
    denied: tuple[str, ...] = ()

    @property
    def subscribe_with_inbox(self) -> tuple[str, ...]:
        """With the inbox that is this user's own: answers to others cannot be overheard."""
        return *self.subscribe, f"{inbox_prefix(self.user)}.>"


def inbox_prefix(user: str) -> str:
    """Where a user's answers arrive."""
    return f"_INBOX_{user}"


def written_by(module: str) -> tuple[type[Event], ...]:
    """The event types a module of the contract defines, which are those its namesake writes."""
    return tuple(cls for cls in EVENT_TYPES.values() if cls.__module__.rpartition(".")[2] == module)


def _events(types: Iterable[type[Event]]) -> tuple[str, ...]:
    return tuple(subject_pattern(cls) for cls in types)


def _read(stream: str) -> tuple[str, ...]:
    return f"{_API}.DIRECT.GET.{stream}", f"{_API}.STREAM.MSG.GET.{stream}"


def _follow() -> tuple[str, ...]:
    """Consumers that begin with the reader and end with it. Deny our durables beside it: a name is free to choose."""
    return f"{_API}.CONSUMER.CREATE.{COURSES}.*.course.>", f"$JS.FC.{COURSES}.>"


def _durable(name: str) -> tuple[str, ...]:
    """Taking and acknowledging messages of a durable that is there; making or changing one is not in it."""
    return (
        f"{_API}.CONSUMER.INFO.{COURSES}.{name}",
        f"{_API}.CONSUMER.MSG.NEXT.{COURSES}.{name}",
        f"$JS.ACK.{COURSES}.{name}.>",
    )


def stage_rights(user: str, rows: Sequence[StageRow]) -> Rights:
    """A process that works on these stages."""
    publish: list[str] = [*_read(COURSES)]
    for row in rows:
        publish += [subject_pattern(cls, stage=row.name) for cls in written_by(_EVERY_STAGE)]
        publish += [*_events(written_by(row.name)), *_durable(row.durable)]
        publish += [f"progress.*.{row.name}", f"dead.{row.name}.*"]
    return Rights(user, tuple(publish), _events((gateway.CourseDeleted, gateway.StageCancelRequested)))


def _gateway() -> Rights:
    """The REST API. It appends what users ask for, tells webhooks, and looks how far behind the log's readers are;
    following and erasing are not its business.
    """
    looks = [f"{_API}.STREAM.INFO.{name}" for name in (COURSES, DEAD)]
    looks += [f"{_API}.CONSUMER.INFO.{COURSES}.{row.durable}" for row in PIPELINE]
    publish = (*_events(written_by("gateway")), *_read(COURSES), *looks, *_durable(WEBHOOKS))
    return Rights("gateway", publish, ("progress.*.*",))


def _projector() -> Rights:
    """Follows the log, and asks for the next stage of unattended courses. A request it cannot build becomes that
    stage's failure, in sight of the user: the one fact of a stage that another may write.
    """
    appended = _events((*(row.request for row in PIPELINE), gateway.PathwaySelected, *(row.failed for row in PIPELINE)))
    return Rights("projector", (*appended, *_read(COURSES), *_follow()), denied=_our_durables("CREATE"))


def _eraser() -> Rights:
    """Takes away what deleted courses left in the streams. Nobody else may delete a stored event."""
    deletes = tuple(f"{_API}.STREAM.MSG.DELETE.{stream}" for stream in (COURSES, DEAD))
    others = (f"{_API}.STREAM.INFO.{DEAD}", f"{_API}.STREAM.PURGE.{PROGRESS}")
    return Rights("eraser", (*_read(COURSES), *_read(DEAD), *deletes, *others))


def _provision() -> Rights:
    """Makes, updates and compares streams and durables, before services start. It neither reads nor deletes."""
    return Rights("provision", _provisioning())


def _provisioning() -> tuple[str, ...]:
    about_streams = [f"{_API}.STREAM.{verb}.{name}" for name in _STREAMS for verb in ("INFO", "CREATE", "UPDATE")]
    durables = [f"{_API}.CONSUMER.{verb}.{COURSES}.{name}" for name in _OURS for verb in ("INFO", "DURABLE.CREATE")]
    return *about_streams, *durables


def _operator() -> Rights:
    """Looks at everything, follows the log, copies it, and takes dead letters out. It changes nothing else: who may
    delete a stream or a durable can stop or undo every course at one word.
    """
    looks = ("INFO", "STREAM.NAMES", "STREAM.LIST", "STREAM.INFO.*", "CONSUMER.NAMES.*", "CONSUMER.LIST.*",
             "CONSUMER.INFO.*.*")  # fmt: skip
    copies = [copy for name in _KEPT for copy in (f"{_API}.STREAM.SNAPSHOT.{name}", f"$JS.SNAPSHOT.ACK.{name}.*")]
    publish = (
        *(f"{_API}.{verb}" for verb in looks),
        *(subject for stream in _STREAMS for subject in _read(stream)),
        *_follow(),
        *copies,
        f"{_API}.STREAM.MSG.DELETE.{DEAD}",
    )
    return Rights("operator", publish, ("course.>", "progress.>", "dead.>"), _our_durables("CREATE"))


def _restore() -> Rights:
    """Brings a backup back: makes streams anew where provisioned ones are empty, and reads what it restored. The server
    cannot tell an empty stream from a full one, so this user is for that hour only.
    """
    streams = [f"{_API}.STREAM.{verb}.{stream}" for stream in _KEPT for verb in ("DELETE", "RESTORE")]
    sinks = [f"$JS.SNAPSHOT.RESTORE.{stream}.*" for stream in _KEPT]
    reads = [subject for stream in _KEPT for subject in _read(stream)]
    publish = (*_provisioning(), *streams, *sinks, *reads, *_follow())
    return Rights("restore", publish, denied=_our_durables("CREATE"))


def _subscriber() -> Rights:
    """Another system: reads by consumers of its own, and leaves those of the stages alone."""
    verbs = ("CREATE", "INFO", "MSG.NEXT", "DELETE")
    own = [f"{_API}.CONSUMER.{verb}.{COURSES}.*" for verb in verbs]
    publish = (*_read(COURSES), *own, *_follow(), f"$JS.ACK.{COURSES}.>")
    acknowledging = (f"$JS.ACK.{COURSES}.{name}.>" for name in _OURS)
    denied = (*_our_durables(*verbs), *acknowledging)
    return Rights("subscriber", publish, ("course.>",), denied)


def _our_durables(*verbs: str) -> tuple[str, ...]:
    """What would touch a durable of ours: changed by its name, it would lead a stage's requests astray."""
    touching = [f"{_API}.CONSUMER.{verb}.{COURSES}.{name}" for name in _OURS for verb in verbs]
    return *touching, *(f"{_API}.CONSUMER.CREATE.{COURSES}.{name}.>" for name in _OURS)


STAGES = "stages"  # one process that hosts all four, as the local stack has by default

USERS: tuple[Rights, ...] = (
    _gateway(),
    _projector(),
    _eraser(),
    *(stage_rights(row.name, (row,)) for row in PIPELINE),
    stage_rights(STAGES, PIPELINE),
    _provision(),
    _operator(),
    _restore(),
    _subscriber(),
)


def render_users(passwords: dict[str, str], users: Sequence[Rights] = USERS) -> str:
    """The `authorization` block of a nats-server's configuration. `passwords`: by user, quoted as they stand there
    (a variable of the configuration is given as `$NAME`); a user without one is left out.
    """
    blocks = [_block(rights, passwords[rights.user]) for rights in users if rights.user in passwords]
    return "authorization {\n  timeout: 5\n  users: [\n" + "".join(blocks) + "  ]\n}\n"


def _block(rights: Rights, password: str) -> str:
    denied = f"\n          deny: {_listed(rights.denied)}" if rights.denied else ""
    return (
        f"    {{ user: {rights.user}, password: {password}, permissions: {{\n"
        f"        publish: {{\n          allow: {_listed(rights.publish)}{denied}\n        }}\n"
        f"        subscribe: {{ allow: {_listed(rights.subscribe_with_inbox)} }}\n"
        f"    }} }}\n"
    )


def _listed(subjects: Iterable[str]) -> str:
    return "[" + "".join(f'\n            "{subject}"' for subject in subjects) + "\n          ]"


def render_example() -> str:
    """The users of a deployment; passwords come from the server's environment, `NATS_PASSWORD_GATEWAY` and so on."""
    passwords = {rights.user: f"$NATS_PASSWORD_{rights.user.upper()}" for rights in USERS if rights.user != STAGES}
    return f"# Generated by `make schemas` from shared/event_log/permissions.py.\n{render_users(passwords)}"


if __name__ == "__main__":
    sys.stdout.write(render_example())
