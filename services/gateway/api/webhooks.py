"""Webhooks: `/api/webhooks`."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Response

from services.gateway.api.calls import Call, Changing, Reading
from services.gateway.api.kept import CREATED, ID, TAGGED, Kept
from services.gateway.api.problems import problems
from services.gateway.api.schemas.webhooks import (
    CreatedWebhookView,
    CreateWebhookBody,
    DeliveryView,
    UpdateWebhookBody,
    WebhookView,
)
from services.gateway.api.strict_json import StrictRoute
from services.gateway.webhooks import store
from shared.kernel.errors import NotFound, PermanentError
from shared.kernel.ids import new_id
from shared.kernel.refusals import Refusal, Refused, invalid
from shared.sources.targets import parse_target

router = APIRouter(prefix="/api/webhooks", tags=["webhooks"], route_class=StrictRoute)

DeliveryId = Annotated[str, Path(pattern=ID, description="The delivery's id")]
WebhookId = Annotated[str, Path(pattern=ID, description="The webhook's id")]
_KEPT = Kept("webhook", WebhookView, router, store.find_webhook, store.list_webhooks, store.delete_webhook)


@router.post(
    "", status_code=201, summary="Be told of events at an address of yours", response_model=CreatedWebhookView,
    responses={**problems(409, 413), **CREATED},
)  # fmt: skip
async def create_webhook(body: CreateWebhookBody, call: Reading) -> Response:
    """Signed as Standard Webhooks says. The secret is shown this once."""
    _check_url(body.url, call)
    webhook_id, secret = new_id(), store.new_secret()
    sealed = call.services.sealer.seal(secret, webhook_id)
    async with call.services.engine.begin() as connection:
        if not await store.create_webhook(
            connection, call.owner, body.url, body.event_types, body.description, sealed, webhook_id
        ):
            detail = f"You have {store.MOST_WEBHOOKS} webhooks, which is the most there can be. Delete one first."
            raise Refused(Refusal(409, "too_many_webhooks", detail))
        made = await store.find_webhook(connection, call.owner, webhook_id)
    shown = CreatedWebhookView(**WebhookView.model_validate(made).model_dump(), secret=secret)
    return _KEPT.answer(made, call, 201, shown)


@router.patch(
    "/{webhook_id}", summary="Change a webhook, or turn it on or off", response_model=WebhookView,
    responses={**problems(404, 412, 413), **TAGGED},
)  # fmt: skip
async def update_webhook(webhook_id: WebhookId, body: UpdateWebhookBody, call: Changing) -> Response:
    """Its secret stays."""
    if body.url is not None:
        _check_url(body.url, call)
    changes = body.model_dump(exclude_none=True)
    async with call.services.engine.begin() as connection:
        await _KEPT.found(connection, call, webhook_id)
        await store.update_webhook(connection, webhook_id, changes)
        return _KEPT.answer(await store.find_webhook(connection, call.owner, webhook_id), call)


_KEPT.add_routes()


@router.get(
    "/{webhook_id}/deliveries", summary="What was told, newest first",
    response_model=list[DeliveryView],
    responses={
        **problems(404),
        200: {"headers": {"Link": {"schema": {"type": "string"}, "description": 'the next page, rel="next"'}}},
    },
)  # fmt: skip
async def list_deliveries(
    webhook_id: WebhookId,
    call: Reading,
    response: Response,
    limit: Annotated[int, Query(ge=1, le=200, description="deliveries per page")] = 50,
    cursor: Annotated[
        int | None, Query(ge=1, le=2**62, description="from the Link of the page before", examples=[12])
    ] = None,
) -> Any:
    """Deliveries that ended are kept for 30 days."""
    async with call.services.engine.connect() as connection:
        await _KEPT.found(connection, call, webhook_id)
        page = await store.list_deliveries(connection, webhook_id, limit, cursor)
    if len(page) == limit:
        link = call.request.url.include_query_params(cursor=page[-1].seq)
        response.headers["Link"] = f'<{link.path}?{link.query}>; rel="next"'
    return page


@router.post(
    "/{webhook_id}/deliveries/{delivery_id}/redeliver", status_code=202, summary="Tell it again",
    response_model=DeliveryView, responses=problems(404),
)  # fmt: skip
async def redeliver(webhook_id: WebhookId, delivery_id: DeliveryId, call: Reading) -> Any:
    """With all its attempts, whatever came of the ones before."""
    async with call.services.engine.begin() as connection:
        await _KEPT.found(connection, call, webhook_id)
        delivery = await store.redeliver(connection, webhook_id, delivery_id)
    if delivery is None:
        raise NotFound("There is no such delivery")
    return delivery


def _check_url(url: str, call: Call) -> None:
    try:
        parse_target(url, allow_private=call.services.settings.allow_private_webhooks)
    except PermanentError as error:
        raise Refused(invalid("/url", error.message, error.code)) from error
