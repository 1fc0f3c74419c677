"""The shard in a subject is the one that a nats-server computes."""

import random
import string

from nats.aio.client import Client
from nats.js.api import StreamConfig, SubjectTransform

from shared.events.subjects import SHARDS, address_in, shard_of, subjects_of
from shared.kernel.ids import new_id

_LETTERS = string.ascii_letters + string.digits + "_-"


async def test_the_shard_of_an_id_is_what_the_server_gives(nats_connection: Client) -> None:
    js, chance = nats_connection.jetstream(), random.Random(1)
    transform = SubjectTransform("in.*", f"out.{{{{partition({SHARDS},1)}}}}.{{{{wildcard(1)}}}}")
    await js.add_stream(StreamConfig(name="SHARDS", subjects=["in.*"], subject_transform=transform))
    ids = [new_id() for _ in range(200)]
    ids += ["".join(chance.choices(_LETTERS, k=chance.randint(1, 64))) for _ in range(200)]
    for one in ids:
        await js.publish(f"in.{one}", b"")
    stored = [(await js.get_msg("SHARDS", seq)).subject for seq in range(1, len(ids) + 1)]
    await js.delete_stream("SHARDS")
    assert stored == [f"out.{shard_of(one)}.{one}" for one in ids]
    assert len({shard_of(one) for one in ids}) > SHARDS // 2


def test_what_a_subject_says_is_found_also_where_parts_are_missing() -> None:
    assert address_in(subjects_of("course", "c1").replace(">", "CourseCreated")) == ("course", "c1", "CourseCreated")
    assert address_in("course.1.x.StageDead.modules") == ("course", "x", "StageDead")
    assert address_in("course.x") == ("course", "", "")
