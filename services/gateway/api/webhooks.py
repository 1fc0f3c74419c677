"""Webhooks: `/api/webhooks`."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Response

from services.gateway.api.calls import Call, Reading
from services.gateway.api.problems import problems
from services.gateway.api.schemas.webhooks import (
    CreatedWebhookView,
    CreateWebhookBody,
    DeliveryView,
    UpdateWebhookBody,
    WebhookView,
)
from services.gateway.api.strict_json import StrictRoute
from services.gateway.course.refusals import Refusal, Refused, invalid
from services.gateway.webhooks import store
from services.gateway.webhooks.targets import parse_target
from shared.kernel.errors import NotFound, PermanentError
from shared.kernel.ids import new_id

router = APIRouter(prefix="/api/webhooks", tags=["webhooks"], route_class=StrictRoute)

WebhookId = Annotated[str, Path(pattern=r"^[A-Za-z0-9_-]{1,64}$", description="The webhook's id")]
DeliveryId = Annotated[str, Path(pattern=r"^[A-Za-z0-9_-]{1,64}$", description="The delivery's id")]


@router.post(
    "", status_code=201, operation_id="createWebhook", summary="Be told of events at an address of yours",
    response_model=CreatedWebhookView, responses=problems(409, 413),
)  # fmt: skip
async def create_webhook(body: CreateWebhookBody, call: Reading) -> Any:
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
    assert made is not None
    return CreatedWebhookView(**WebhookView.model_validate(made).model_dump(), secret=secret)


@router.get(
    "", operation_id="listWebhooks", summary="List your webhooks", response_model=list[WebhookView],
    responses=problems(),
)  # fmt: skip
async def list_webhooks(call: Reading) -> Any:
    """Oldest first."""
    async with call.services.engine.connect() as connection:
        return await store.list_webhooks(connection, call.owner)


@router.get(
    "/{webhook_id}", operation_id="getWebhook", summary="Get a webhook", response_model=WebhookView,
    responses=problems(404),
)  # fmt: skip
async def get_webhook(webhook_id: WebhookId, call: Reading) -> Any:
    """One of yours."""
    async with call.services.engine.connect() as connection:
        return _found(await store.find_webhook(connection, call.owner, webhook_id))


@router.patch(
    "/{webhook_id}", operation_id="updateWebhook", summary="Change a webhook, or turn it on or off",
    response_model=WebhookView, responses=problems(404, 413),
)  # fmt: skip
async def update_webhook(webhook_id: WebhookId, body: UpdateWebhookBody, call: Reading) -> Any:
    """Its secret stays."""
    if body.url is not None:
        _check_url(body.url, call)
    changes = body.model_dump(exclude_none=True)
    async with call.services.engine.begin() as connection:
        _found(await store.find_webhook(connection, call.owner, webhook_id))
        await store.update_webhook(connection, webhook_id, changes)
        return _found(await store.find_webhook(connection, call.owner, webhook_id))


@router.delete(
    "/{webhook_id}", status_code=204, operation_id="deleteWebhook", summary="Delete a webhook and its deliveries",
    responses=problems(404),
)  # fmt: skip
async def delete_webhook(webhook_id: WebhookId, call: Reading) -> Response:
    """Nothing is told to it any more."""
    async with call.services.engine.begin() as connection:
        _found(await store.find_webhook(connection, call.owner, webhook_id))
        await store.delete_webhook(connection, webhook_id)
    return Response(status_code=204)


@router.get(
    "/{webhook_id}/deliveries", operation_id="listDeliveries", summary="What was told, newest first",
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
    cursor: Annotated[int | None, Query(ge=1, le=2**62, description="from the Link of the page before")] = None,
) -> Any:
    """Deliveries that ended are kept for 30 days."""
    async with call.services.engine.connect() as connection:
        _found(await store.find_webhook(connection, call.owner, webhook_id))
        page = await store.list_deliveries(connection, webhook_id, limit, cursor)
    if len(page) == limit:
        link = call.request.url.include_query_params(cursor=page[-1].seq)
        response.headers["Link"] = f'<{link.path}?{link.query}>; rel="next"'
    return page


@router.post(
    "/{webhook_id}/deliveries/{delivery_id}/redeliver", status_code=202, operation_id="redeliver",
    summary="Tell it again", responses=problems(404),
)  # fmt: skip
async def redeliver(webhook_id: WebhookId, delivery_id: DeliveryId, call: Reading) -> Response:
    """With all its attempts, whatever came of the ones before."""
    async with call.services.engine.begin() as connection:
        _found(await store.find_webhook(connection, call.owner, webhook_id))
        if not await store.redeliver(connection, webhook_id, delivery_id):
            raise NotFound("There is no such delivery")
    return Response(status_code=202)


def _found(row: Any) -> Any:
    if row is None:
        raise NotFound("There is no such webhook")
    return row


def _check_url(url: str, call: Call) -> None:
    try:
        parse_target(url, allow_private=call.services.settings.allow_private_webhooks)
    except PermanentError as error:
        raise Refused(invalid("/url", error.message, error.code)) from error
