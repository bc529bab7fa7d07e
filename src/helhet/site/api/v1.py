# SPDX-License-Identifier: EUPL-1.2
"""Version 1 of the API: its parts, and its description in OpenAPI 3.1."""

from __future__ import annotations

from typing import Any

from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema

from helhet.foundation.contracts import rooms
from helhet.site.api import figures, goals, matters
from helhet.site.api.access import Key, Session, anybody
from helhet.site.api.problems import MEDIA_TYPE, STATUSES, Problem, answer_in_words, titles

ABOUT = """What Helhet knows, for other systems of the municipality and for those who want to build on it.

What is open to all is read without a key. To read more, and to write, send a key that you have made on your
account page: `Authorization: Bearer …`. A key acts as its owner, with the roles the owner has at that moment."""


class Api(NinjaAPI):
    """Ninja's API with our problems described in its OpenAPI document."""

    def get_openapi_schema(self, *, path_prefix: str | None = None, path_params: Any = None) -> OpenAPISchema:
        schema = super().get_openapi_schema(path_prefix=path_prefix, path_params=path_params)
        shape = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
        components = schema["components"]["schemas"]
        components.update(shape.pop("$defs", {}))
        components["Problem"] = shape
        answers = {str(status): _described(status) for status in STATUSES}
        for path in schema["paths"].values():
            for method, operation in path.items():
                operation["responses"] = {str(code): said for code, said in operation["responses"].items()} | answers
                # Reading what is open needs no key; writing always does.
                operation["security"] = [{"Key": []}] + ([{"Session": []}, {}] if method == "get" else [])
        return schema

    def get_openapi_operation_id(self, operation: Any) -> str:
        """``matters_read_matter``: the part it belongs to, and the verb."""
        path = operation.view_func.__module__.split(".")
        area = path[-2] if path[-1] == "api" else path[-1]
        return f"{area}_{operation.view_func.__name__}"


def _described(status: int) -> dict[str, Any]:
    return {
        "description": str(titles()[status]),
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }


def build() -> Api:
    """The whole API: the foundation's parts first, then what each room brings."""
    made = Api(
        title="Helhet",
        version="1",
        description=ABOUT,
        auth=[Key(), Session(), anybody],
        docs_url=None,  # ninja's page fetches scripts from other machines; the description is data enough
        urls_namespace="api",
        openapi_extra={"info": {"license": {"name": "EUPL-1.2", "identifier": "EUPL-1.2"}}},
    )
    answer_in_words(made)
    for router in (matters.router, goals.router, figures.router):
        made.add_router("", router)
    for room in rooms():
        for prefix, router in room.api:
            made.add_router(prefix, router)
    return made


api = build()
