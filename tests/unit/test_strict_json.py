"""Bodies are read strictly, and in a time that grows with their length alone."""

import json
import time
from typing import Any

import pytest

from shared.kernel.refusals import Refused
from shared.web.strict_json import StrictRequest


async def test_a_long_name_over_a_long_list_is_read_in_the_time_of_its_length() -> None:
    body = json.dumps({"~" * 250_000: [0] * 250_000, "b": ["a", "a\0b"]}).encode()

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    began = time.process_time()
    with pytest.raises(Refused) as caught:
        await StrictRequest({"type": "http", "method": "POST", "headers": []}, receive).json()
    assert time.process_time() - began < 1.5, "each number had its path written out"
    assert caught.value.refusal.pointer == "/b/1"
