"""Rights on NATS: the one table. The servers' configuration is generated from it, never written by hand.

A user may publish what an aggregate's registration says and nothing else, so a stage can neither ask for work nor
record the work of another. Three types all stages may write: StageDead, StageCanceled, StageRetryScheduled. Their
subject ends with the stage, so each may write its own; a reader refuses an event whose data name another.
Reading the log is the right of every service: a run continues from what the log holds.

The streams lie in the account `LOG`. Stages, which read texts of strangers, and other systems have an account each,
into which exactly what they may ask for is imported: see `accounts`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from shared.event_log.names import (
    API,
    BROUGHT_OVER,
    DEAD,
    ENGINE_READY,
    IMPORTED_API,
    PROGRESS,
    REQUEST_COUNTS,
    STAGES,
    SUBSCRIBER,
    TUTOR,
    WEBHOOKS,
    inbox_prefix,
)
from shared.events import Registry, Stream, gateway, subject_pattern
from shared.events.courses import COURSES
from shared.events.registry import REGISTRY
from shared.pipeline import PIPELINE, Pipeline, StageRow
from shared.sources import credentials, recordings

LOG = "LOG"  # the account of the streams, and of the gateway and the operators
# The questions a stage asks the gateway.
_QUESTIONS = {
    "repo_clone": (credentials.OPEN, credentials.REVOKED), "lectures": (recordings.LINK, recordings.FETCHED),
}  # fmt: skip
# The questions that a stage answers. Its user's name ends the subject, because two accounts cannot offer the same.
_ANSWERS = {"doc_analyser": (ENGINE_READY,)}


def _ours(pipeline: Pipeline) -> tuple[str, ...]:
    """Our durables, all of them on the stream of the courses."""
    return *(row.durable for row in pipeline), WEBHOOKS


@dataclass(frozen=True)
class Rights:
    """The subjects, as the log has them, that a user may publish and subscribe to. What is denied is denied whatever
    else allows it. `answers`: questions it hears, each of which it may answer once, in so many seconds. `is_apart`: it
    has an account of its own.
    """

    user: str
    publish: tuple[str, ...]
    subscribe: tuple[str, ...] = ()
    denied: tuple[str, ...] = ()
    answers: tuple[str, ...] = ()
    answer_seconds: int = 10
    is_apart: bool = False

    def as_named(self, subject: str) -> str:
        """A subject of the log, as this user has to call it."""
        return subject.replace(f"{API}.", f"{IMPORTED_API}.", 1) if self.is_apart else subject

    @property
    def subscribe_with_inbox(self) -> tuple[str, ...]:
        """With the inbox that is this user's own: answers to others cannot be overheard."""
        return *self.subscribe, *self.answers, f"{inbox_prefix(self.user)}.>"


def kept_streams(known: Registry) -> tuple[str, ...]:
    """The names of the streams that a backup holds."""
    return *(stream.name for stream in known.streams), DEAD


def _appends(user: str, known: Registry) -> tuple[str, ...]:
    """The subjects a user may write by the registrations; of types that every stage writes, its own."""
    types = [cls for aggregate in known.aggregates for cls in aggregate.rights.get(user, ())]
    return tuple(subject_pattern(cls, stage=user) for cls in types)


def _read(streams: Iterable[str]) -> tuple[str, ...]:
    return tuple(f"{API}.{verb}.{stream}" for stream in streams for verb in ("DIRECT.GET", "STREAM.MSG.GET"))


def _read_logs(known: Registry) -> tuple[str, ...]:
    return _read(stream.name for stream in known.streams)


def _follow(known: Registry) -> tuple[str, ...]:
    """Consumers that begin with the reader and end with it. Deny our durables beside it: a name is free to choose."""
    return *(_creates(stream, known) for stream in known.streams), *(f"$JS.FC.{one.name}.>" for one in known.streams)


def _creates(stream: Stream, known: Registry) -> str:
    """Making a consumer of all that a stream holds. The server's subject names what is asked for if it is one thing."""
    prefixes = [aggregate.prefix for aggregate in known.on(stream)]
    what = f".{prefixes[0]}.>" if len(prefixes) == 1 else ""
    return f"{API}.CONSUMER.CREATE.{stream.name}.*{what}"


def _durable(name: str) -> tuple[str, ...]:
    """Taking and acknowledging messages of a durable that is there; making or changing one is not in it."""
    return (
        f"{API}.CONSUMER.INFO.{COURSES.name}.{name}",
        f"{API}.CONSUMER.MSG.NEXT.{COURSES.name}.{name}",
        f"$JS.ACK.{COURSES.name}.{name}.>",
    )


def stage_rights(user: str, rows: Sequence[StageRow], known: Registry = REGISTRY) -> Rights:
    """A process that works on these stages."""
    publish: list[str] = [*_read([COURSES.name])]
    for row in rows:
        publish += [*_appends(row.name, known), *_durable(row.durable)]
        publish += [f"progress.*.{row.name}", f"dead.{row.name}.*", *_QUESTIONS.get(row.name, ())]
    hears = subject_pattern(gateway.CourseDeleted), subject_pattern(gateway.StageCancelRequested)
    answers = tuple(f"{subject}.{user}" for row in rows for subject in _ANSWERS.get(row.name, ()))
    return Rights(user, tuple(publish), hears, answers=answers, is_apart=True)


def _gateway(known: Registry, pipeline: Pipeline) -> Rights:
    """The REST API. It appends what users ask for, tells webhooks, answers stages, and looks how far behind the log's
    readers are; following and erasing are not its business. Gateways tell each other how often callers called.
    """
    looks = [f"{API}.STREAM.INFO.{name}" for name in kept_streams(known)]
    looks += [f"{API}.CONSUMER.INFO.{COURSES.name}.{row.durable}" for row in pipeline]
    publish = (*_appends("gateway", known), *_read_logs(known), *looks, *_durable(WEBHOOKS), REQUEST_COUNTS)
    answers = tuple(subject for asked in _QUESTIONS.values() for subject in asked)
    return Rights("gateway", publish, ("progress.*.*", REQUEST_COUNTS), answers=answers)


def _tutor() -> Rights:
    """Answers what the classroom asks, and knows nothing of the log. The server ends an answer's way after 120 s."""
    return Rights("tutor", (), denied=(">",), answers=(TUTOR,), answer_seconds=120, is_apart=True)


def _notifier(known: Registry) -> Rights:
    """Follows the classroom's stream, and appends what is due by the clock."""
    streams = {one.stream for one in known.aggregates if "notifier" in one.rights}
    follows = _follow(Registry(tuple(one for one in known.aggregates if one.stream in streams)))
    return Rights("notifier", (*_beside_courses("notifier", known), *follows))


def _beside_courses(user: str, known: Registry) -> tuple[str, ...]:
    """What a user appends, and reading the streams that it appends to."""
    streams = sorted({one.stream.name for one in known.aggregates if user in one.rights})
    looks = [f"{API}.STREAM.INFO.{name}" for name in streams]
    return *_appends(user, known), *_read(streams), *looks


def _projector(known: Registry, pipeline: Pipeline) -> Rights:
    """Follows the log, and appends what the registrations let it. Before a course begins it asks a stage."""
    looks = tuple(f"{API}.STREAM.INFO.{stream.name}" for stream in known.streams)
    asks = tuple(
        f"{subject}.{user}" for row in pipeline for subject in _ANSWERS.get(row.name, ()) for user in (row.name, STAGES)
    )
    publish = (*_appends("projector", known), *_read_logs(known), *_follow(known), *looks, *asks)
    return Rights("projector", publish, denied=_our_durables(pipeline, "CREATE"))


def _eraser(known: Registry) -> Rights:
    """Takes away what deleted aggregates left in the streams. Nobody else may delete a stored event."""
    deletes = tuple(f"{API}.STREAM.MSG.DELETE.{stream}" for stream in kept_streams(known))
    others = (f"{API}.STREAM.INFO.{DEAD}", f"{API}.STREAM.PURGE.{PROGRESS}")
    return Rights("eraser", (*_read(kept_streams(known)), *deletes, *others))


def _provisioning(known: Registry, pipeline: Pipeline) -> tuple[str, ...]:
    streams = (*kept_streams(known), PROGRESS)
    about_streams = [f"{API}.STREAM.{verb}.{name}" for name in streams for verb in ("INFO", "CREATE", "UPDATE")]
    durables = [
        f"{API}.CONSUMER.{verb}.{COURSES.name}.{name}"
        for name in _ours(pipeline)
        for verb in ("INFO", "DURABLE.CREATE")
    ]
    return *about_streams, *durables


def _operator(known: Registry, pipeline: Pipeline) -> Rights:
    """Looks at everything, follows the log, copies it, and takes dead letters out. It changes nothing else: who may
    delete a stream or a durable can stop or undo every course at one word.
    """
    looks = ("INFO", "STREAM.NAMES", "STREAM.LIST", "STREAM.INFO.*", "CONSUMER.NAMES.*", "CONSUMER.LIST.*",
             "CONSUMER.INFO.*.*")  # fmt: skip
    kept = kept_streams(known)
    copies = [copy for name in kept for copy in (f"{API}.STREAM.SNAPSHOT.{name}", f"$JS.SNAPSHOT.ACK.{name}.>")]
    publish = (
        *(f"{API}.{verb}" for verb in looks),
        *_read((*kept, PROGRESS)),
        *_follow(known),
        *copies,
        f"{API}.STREAM.MSG.DELETE.{DEAD}",
    )
    hears = (*(f"{aggregate.prefix}.>" for aggregate in known.aggregates), "progress.>", "dead.>")
    return Rights("operator", publish, hears, _our_durables(pipeline, "CREATE"))


def _restore(known: Registry, pipeline: Pipeline) -> Rights:
    """Brings a backup back, and a log of before into the layout of now: makes streams anew, and reads what it made. The
    server cannot tell an empty stream from a full one, so this user is for that hour only.
    """
    kept = kept_streams(known)
    streams = [f"{API}.STREAM.{verb}.{stream}" for stream in kept for verb in ("DELETE", "RESTORE")]
    sinks = [f"$JS.SNAPSHOT.RESTORE.{stream}.*" for stream in kept]
    moving = [f"{API}.STREAM.{verb}.{BROUGHT_OVER}" for verb in ("INFO", "CREATE", "UPDATE", "DELETE")]
    publish = (
        *_provisioning(known, pipeline), *streams, *sinks, *moving, *_read((*kept, BROUGHT_OVER)), *_follow(known),
    )  # fmt: skip
    return Rights("restore", publish, denied=_our_durables(pipeline, "CREATE"))


def _subscriber(known: Registry, pipeline: Pipeline) -> Rights:
    """Another system: reads by pull consumers of its own, and leaves those of the stages alone."""
    verbs = ("CREATE", "INFO", "MSG.NEXT", "DELETE")
    names = [stream.name for stream in known.streams]
    own = [f"{API}.CONSUMER.{verb}.{name}.*" for name in names for verb in verbs]
    own += [f"{API}.CONSUMER.CREATE.{one.stream.name}.*.{one.prefix}.>" for one in known.aggregates]
    publish = (*_read(names), *own, *(f"$JS.ACK.{name}.>" for name in names))
    acknowledging = (f"$JS.ACK.{COURSES.name}.{name}.>" for name in _ours(pipeline))
    denied = (*_our_durables(pipeline, *verbs), *acknowledging)
    return Rights(SUBSCRIBER, publish, denied=denied, is_apart=True)


def _our_durables(pipeline: Pipeline, *verbs: str) -> tuple[str, ...]:
    """The subjects that could change a durable of ours: a changed durable leads a stage's requests astray."""
    touching = [f"{API}.CONSUMER.{verb}.{COURSES.name}.{name}" for name in _ours(pipeline) for verb in verbs]
    return *touching, *(f"{API}.CONSUMER.CREATE.{COURSES.name}.{name}.>" for name in _ours(pipeline))


def users_of(known: Registry, pipeline: Pipeline = PIPELINE) -> tuple[Rights, ...]:
    """Every user, with the rights that these registrations and these stages give."""
    return (
        _gateway(known, pipeline),
        Rights("classroom", (*_beside_courses("classroom", known), REQUEST_COUNTS, TUTOR), (REQUEST_COUNTS,)),
        _notifier(known),
        _tutor(),
        _projector(known, pipeline),
        _eraser(known),
        *(stage_rights(row.name, (row,), known) for row in pipeline),
        stage_rights(STAGES, pipeline, known),
        Rights("provision", _provisioning(known, pipeline)),
        _operator(known, pipeline),
        _restore(known, pipeline),
        _subscriber(known, pipeline),
    )


USERS = users_of(REGISTRY)
