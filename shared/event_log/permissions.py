"""Who may do what on NATS: the one table. The servers' configuration is generated from it, never written by hand.

A user may publish what its module of the contract defines and nothing else, so a stage can neither ask for work nor
record the work of another. Three types all stages may write: StageDead, StageCanceled, StageRetryScheduled. Their
subject ends with the stage, so each may write its own; a reader refuses an event whose data name another.
Reading the log is the right of every service: a run continues from what the log holds.

The streams lie in the account `LOG`. Stages, which read texts of strangers, and other systems have an account each,
into which exactly what they may ask for is imported: see `accounts`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from shared.event_log.topology import COURSES, DEAD, PROGRESS, WEBHOOKS
from shared.events import EVENT_TYPES, gateway, subject_pattern
from shared.events.base import Event
from shared.pipeline import PIPELINE, StageRow

LOG = "LOG"  # the account of the streams, and of the gateway and the operators
API = "$JS.API"
# Where the API of the log is imported: under its own name the server would answer for the account itself as well. Other
# systems know this as JetStream's domain `coursewright`.
_IMPORTED_API = "$JS.coursewright.API"
_STREAMS = (COURSES, PROGRESS, DEAD)
_KEPT = (COURSES, DEAD)  # what a backup holds
_OURS = (*(row.durable for row in PIPELINE), WEBHOOKS)
_EVERY_STAGE = "stage"  # the module of the contract that all stages write


@dataclass(frozen=True)
class Rights:
    """The subjects, as the log has them, that a user may publish and subscribe to. What is denied is denied whatever
    else allows it. `is_apart`: it has an account of its own.
    """

    user: str
    publish: tuple[str, ...]
    subscribe: tuple[str, ...] = ()
    denied: tuple[str, ...] = ()
    is_apart: bool = False

    def as_named(self, subject: str) -> str:
        """A subject of the log, as this user has to call it."""
        return subject.replace(f"{API}.", f"{_IMPORTED_API}.", 1) if self.is_apart else subject

    @property
    def subscribe_with_inbox(self) -> tuple[str, ...]:
        """With the inbox that is this user's own: answers to others cannot be overheard."""
        return *self.subscribe, f"{inbox_prefix(self.user)}.>"


def inbox_prefix(user: str) -> str:
    """Where a user's answers arrive."""
    return f"_INBOX_{user}"


def api_prefix(user: str) -> str:
    """Where a user finds JetStream's API."""
    return _IMPORTED_API if any(rights.user == user and rights.is_apart for rights in USERS) else API


def written_by(module: str) -> tuple[type[Event], ...]:
    """The event types a module of the contract defines, which are those its namesake writes."""
    return tuple(cls for cls in EVENT_TYPES.values() if cls.__module__.rpartition(".")[2] == module)


def _events(types: Iterable[type[Event]]) -> tuple[str, ...]:
    return tuple(subject_pattern(cls) for cls in types)


def _read(stream: str) -> tuple[str, ...]:
    return f"{API}.DIRECT.GET.{stream}", f"{API}.STREAM.MSG.GET.{stream}"


def _follow() -> tuple[str, ...]:
    """Consumers that begin with the reader and end with it. Deny our durables beside it: a name is free to choose."""
    return f"{API}.CONSUMER.CREATE.{COURSES}.*.course.>", f"$JS.FC.{COURSES}.>"


def _durable(name: str) -> tuple[str, ...]:
    """Taking and acknowledging messages of a durable that is there; making or changing one is not in it."""
    return (
        f"{API}.CONSUMER.INFO.{COURSES}.{name}",
        f"{API}.CONSUMER.MSG.NEXT.{COURSES}.{name}",
        f"$JS.ACK.{COURSES}.{name}.>",
    )


def stage_rights(user: str, rows: Sequence[StageRow]) -> Rights:
    """A process that works on these stages."""
    publish: list[str] = [*_read(COURSES)]
    for row in rows:
        publish += [subject_pattern(cls, stage=row.name) for cls in written_by(_EVERY_STAGE)]
        publish += [*_events(written_by(row.name)), *_durable(row.durable)]
        publish += [f"progress.*.{row.name}", f"dead.{row.name}.*"]
    hears = _events((gateway.CourseDeleted, gateway.StageCancelRequested))
    return Rights(user, tuple(publish), hears, is_apart=True)


def _gateway() -> Rights:
    """The REST API. It appends what users ask for, tells webhooks, and looks how far behind the log's readers are;
    following and erasing are not its business.
    """
    looks = [f"{API}.STREAM.INFO.{name}" for name in (COURSES, DEAD)]
    looks += [f"{API}.CONSUMER.INFO.{COURSES}.{row.durable}" for row in PIPELINE]
    publish = (*_events(written_by("gateway")), *_read(COURSES), *looks, *_durable(WEBHOOKS))
    return Rights("gateway", publish, ("progress.*.*",))


def _projector() -> Rights:
    """Follows the log, and asks for the next stage of unattended courses. A request it cannot build becomes that
    stage's failure, in sight of the user: the one fact of a stage that another may write.
    """
    appended = _events((*(row.request for row in PIPELINE), gateway.PathwaySelected, *(row.failed for row in PIPELINE)))
    looks = (f"{API}.STREAM.INFO.{COURSES}",)
    return Rights("projector", (*appended, *_read(COURSES), *_follow(), *looks), denied=_our_durables("CREATE"))


def _eraser() -> Rights:
    """Takes away what deleted courses left in the streams. Nobody else may delete a stored event."""
    deletes = tuple(f"{API}.STREAM.MSG.DELETE.{stream}" for stream in (COURSES, DEAD))
    others = (f"{API}.STREAM.INFO.{DEAD}", f"{API}.STREAM.PURGE.{PROGRESS}")
    return Rights("eraser", (*_read(COURSES), *_read(DEAD), *deletes, *others))


def _provision() -> Rights:
    """Makes, updates and compares streams and durables, before services start. It neither reads nor deletes."""
    return Rights("provision", _provisioning())


def _provisioning() -> tuple[str, ...]:
    about_streams = [f"{API}.STREAM.{verb}.{name}" for name in _STREAMS for verb in ("INFO", "CREATE", "UPDATE")]
    durables = [f"{API}.CONSUMER.{verb}.{COURSES}.{name}" for name in _OURS for verb in ("INFO", "DURABLE.CREATE")]
    return *about_streams, *durables


def _operator() -> Rights:
    """Looks at everything, follows the log, copies it, and takes dead letters out. It changes nothing else: who may
    delete a stream or a durable can stop or undo every course at one word.
    """
    looks = ("INFO", "STREAM.NAMES", "STREAM.LIST", "STREAM.INFO.*", "CONSUMER.NAMES.*", "CONSUMER.LIST.*",
             "CONSUMER.INFO.*.*")  # fmt: skip
    copies = [copy for name in _KEPT for copy in (f"{API}.STREAM.SNAPSHOT.{name}", f"$JS.SNAPSHOT.ACK.{name}.*")]
    publish = (
        *(f"{API}.{verb}" for verb in looks),
        *(subject for stream in _STREAMS for subject in _read(stream)),
        *_follow(),
        *copies,
        f"{API}.STREAM.MSG.DELETE.{DEAD}",
    )
    return Rights("operator", publish, ("course.>", "progress.>", "dead.>"), _our_durables("CREATE"))


def _restore() -> Rights:
    """Brings a backup back: makes streams anew where provisioned ones are empty, and reads what it restored. The server
    cannot tell an empty stream from a full one, so this user is for that hour only.
    """
    streams = [f"{API}.STREAM.{verb}.{stream}" for stream in _KEPT for verb in ("DELETE", "RESTORE")]
    sinks = [f"$JS.SNAPSHOT.RESTORE.{stream}.*" for stream in _KEPT]
    reads = [subject for stream in _KEPT for subject in _read(stream)]
    publish = (*_provisioning(), *streams, *sinks, *reads, *_follow())
    return Rights("restore", publish, denied=_our_durables("CREATE"))


def _subscriber() -> Rights:
    """Another system: reads by pull consumers of its own, and leaves those of the stages alone."""
    verbs = ("CREATE", "INFO", "MSG.NEXT", "DELETE")
    own = [f"{API}.CONSUMER.{verb}.{COURSES}.*" for verb in verbs]
    publish = (*_read(COURSES), *own, f"{API}.CONSUMER.CREATE.{COURSES}.*.course.>", f"$JS.ACK.{COURSES}.>")
    acknowledging = (f"$JS.ACK.{COURSES}.{name}.>" for name in _OURS)
    denied = (*_our_durables(*verbs), *acknowledging)
    return Rights("subscriber", publish, denied=denied, is_apart=True)


def _our_durables(*verbs: str) -> tuple[str, ...]:
    """What would touch a durable of ours: changed by its name, it would lead a stage's requests astray."""
    touching = [f"{API}.CONSUMER.{verb}.{COURSES}.{name}" for name in _OURS for verb in verbs]
    return *touching, *(f"{API}.CONSUMER.CREATE.{COURSES}.{name}.>" for name in _OURS)


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
