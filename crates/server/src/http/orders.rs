//! Sales orders: from a deal, from a quote, and what becomes of them.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use db::Write;
use model::Id;
use serde_json::Value;
use stagecraft_core::orders::{self, MakeOrder, SetStatus};
use stagecraft_core::{Ctx, Result};

use super::act::act;
use super::once::Once;
use super::show::{Answer, id, record};
use crate::app::App;
use crate::edge::{Body, Caller, DryRun, Params};
use crate::openapi::schemas;

/// Make an order from a deal.
///
/// Of a won deal, or from its accepted quote (`quote`; the accepted one where it is not said). It begins with what the quote says, else the
/// deal, save for what `fields` give instead, and with a copy of the lines. Prices in another currency than the order's are converted at
/// today's rates, which `converted` tells.
#[utoipa::path(post, path = "/records/opportunity/{id}/orders", tag = "Orders", request_body = schemas::MakeOrder,
    params(("id" = String, Path), schemas::DryRunQuery, schemas::OnceHeader),
    responses((status = 201, body = schemas::OrderMade), (status = 403, body = schemas::Problem), (status = 404, body = schemas::Problem),
        (status = 422, body = schemas::Problem)))]
pub async fn of_deal(
    State(app): State<App>,
    caller: Caller,
    Path(one): Path<String>,
    Params(dry): Params<DryRun>,
    body: Body<MakeOrder>,
) -> Answer {
    make(&app, &caller, &one, dry, body, orders::of_deal).await
}

/// Make an order from a quote.
///
/// From an accepted one, with a copy of its lines; otherwise as from a deal.
#[utoipa::path(post, path = "/records/quote/{id}/order", tag = "Orders", request_body = schemas::MakeOrder,
    params(("id" = String, Path), schemas::DryRunQuery, schemas::OnceHeader),
    responses((status = 201, body = schemas::OrderMade), (status = 403, body = schemas::Problem), (status = 404, body = schemas::Problem),
        (status = 422, body = schemas::Problem)))]
pub async fn of_quote(
    State(app): State<App>,
    caller: Caller,
    Path(one): Path<String>,
    Params(dry): Params<DryRun>,
    body: Body<MakeOrder>,
) -> Answer {
    make(&app, &caller, &one, dry, body, orders::of_quote).await
}

async fn make<F>(app: &App, caller: &Caller, one: &str, dry: DryRun, mut body: Body<MakeOrder>, make: F) -> Answer
where
    F: Fn(&Ctx, &mut Write, Id, &MakeOrder) -> Result<Value> + Send + 'static,
{
    let one = id(one)?;
    body.value.dry_run |= dry.dry_run;
    let status = if body.value.dry_run { StatusCode::OK } else { StatusCode::CREATED };
    let once = Once::new(caller, &body.text, status, body.value.dry_run);
    let made = app.door.write(caller, move |cx, tx| once.on_record(cx, tx, "saved", |tx| make(cx, tx, one, &body.value)));
    let (status, made) = made.await?;
    Ok(record(status, made))
}

/// Confirm or cancel an order.
///
/// draft → confirmed → cancelled, or draft → cancelled. A confirmed order is no longer changed, counts in what was ordered at the rate of that
/// day, and its account becomes a customer. To cancel a confirmed one takes a reason. An edit of `order_status` is the same.
#[utoipa::path(post, path = "/records/sales_order/{id}/status", tag = "Orders", request_body = schemas::SetOrderStatus,
    params(("id" = String, Path), schemas::DryRunQuery, schemas::IfMatchHeader, schemas::OnceHeader),
    responses((status = 200, body = schemas::Saved), (status = 403, body = schemas::Problem), (status = 404, body = schemas::Problem),
        (status = 409, body = schemas::Problem), (status = 422, body = schemas::Problem)))]
pub async fn set_status(
    State(app): State<App>,
    caller: Caller,
    Path(one): Path<String>,
    Params(dry): Params<DryRun>,
    body: Body<SetStatus>,
) -> Answer {
    act(&app, &caller, &one, dry, body, "saved", orders::set_status).await
}
