"""Bodies are read strictly, and in a time that grows with their length alone."""

import asyncio
import json
from typing import Any

import pytest

from shared.kernel.refusals import Refused
from shared.web.strict_json import StrictRequest
from tests.support.processor_time import processor_seconds


def test_a_long_name_over_a_long_list_is_read_in_the_time_of_its_length() -> None:
    body = json.dumps({"~" * 250_000: [0] * 250_000, "b": ["a", "a\0b"]}).encode()

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    def read() -> None:
        with pytest.raises(Refused) as caught:
            asyncio.run(StrictRequest({"type": "http", "method": "POST", "headers": []}, receive).json())
        assert caught.value.refusal.pointer == "/b/1"

    assert processor_seconds(read) < 1.5, "each number had its path written out"
