"""Schemathesis (MIT) asks the API what its description allows, and what it does not: no error of ours, no answer that breaks it."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from tests.web.rooms import Room

CASES = 45
"""Of each address and mode: 1,000 and more in all."""


@pytest.mark.slow
def test_no_answer_breaks_the_description_of_the_api(room: Room) -> None:
    import schemathesis
    from schemathesis.checks import not_a_server_error
    from schemathesis.specs.openapi import checks

    wanted = [not_a_server_error, checks.status_code_conformance, checks.content_type_conformance, checks.response_schema_conformance,
              checks.response_headers_conformance]  # fmt: skip
    schema = schemathesis.openapi.from_dict(json.loads(room.get("/api/v1/openapi.json").text))
    schema.config.update(base_url=room.url)
    asked = 0
    for found in schema.get_all_operations():
        modes = list(schemathesis.GenerationMode)
        for mode in modes if len(found.ok().query) else modes[:1]:  # without parameters nothing can be wrong

            @settings(
                max_examples=CASES,
                deadline=None,
                database=None,
                derandomize=True,
                phases=[Phase.generate],
                suppress_health_check=list(HealthCheck),
            )
            @given(case=found.ok().as_strategy(generation_mode=mode))
            def run(case: Any) -> None:
                nonlocal asked
                asked += 1
                case.call_and_validate(checks=wanted)

            run()
    assert asked >= 1_000
