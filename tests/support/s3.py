"""An S3 for tests (moto), and a blob store on it."""

from collections.abc import Iterator
from uuid import uuid4

import httpx
import pytest
from moto.server import ThreadedMotoServer
from obstore.store import S3Store

from shared.kernel.blob_stores import ObjectBackend


@pytest.fixture(scope="module")
def s3() -> Iterator[str]:
    """The address of a server."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def bucket(s3: str) -> ObjectBackend:
    """A bucket of the test's own: all servers of one process have the same ones."""
    name = f"files-{uuid4().hex}"
    httpx.put(f"{s3}/{name}", timeout=60).raise_for_status()
    store = S3Store(
        name, endpoint=s3, access_key_id="id", secret_access_key="secret", region="us-east-1",
        client_options={"allow_http": True}, virtual_hosted_style_request=False,
    )  # fmt: skip
    return ObjectBackend(store)
