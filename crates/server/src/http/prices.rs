//! What things cost, and grids of lines.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde_json::json;
use stagecraft_core::lines::{self, PutLines};
use stagecraft_core::prices::{self, PricesRequest};

use super::once::Once;
use super::show::{Answer, id, json, record};
use crate::app::App;
use crate::edge::{Body, Caller, DryRun, Params};
use crate::openapi::schemas;

/// What products cost in a deal, a quote or an order.
///
/// By the price book that it names, else by the standard one of its currency, else what the product itself says. `book`: which one holds;
/// null where none does. Products that one does not see are left out; whoever may not know list prices is told none.
#[utoipa::path(get, path = "/prices", tag = "Prices", params(schemas::PricesQuery),
    responses((status = 200, body = schemas::Prices), (status = 404, body = schemas::Problem), (status = 422, body = schemas::Problem)))]
pub async fn offer(State(app): State<App>, caller: Caller, Params(request): Params<PricesRequest>) -> Answer {
    Ok(json(StatusCode::OK, app.door.read(&caller, move |cx, tx| prices::offer(cx, tx, &request)).await?))
}

/// Save a grid of lines.
///
/// Rows of a deal, a quote, an order, or the entries of a price book, in one transaction: all of them or none, and all that stands against
/// any is told at once, at `rows/3/price` or `removed/0`. A row without an id is new; one with an id changes the fields that are given, against
/// the `version` that was seen where it is given. What is `removed` goes to the recycle bin, counts no more and can be restored. Amounts
/// without a currency are in that of the record. `If-Match` is the version of the record itself, which lines do not raise. An
/// `Idempotency-Key` keeps new rows from coming twice; the answer to a repetition has no `rows`. A dry run tells what the totals would be.
#[utoipa::path(put, path = "/records/{object}/{id}/lines", tag = "Prices", request_body = schemas::PutLines,
    params(("object" = String, Path, example = "quote"), ("id" = String, Path), schemas::DryRunQuery, schemas::IfMatchHeader, schemas::OnceHeader),
    responses((status = 200, body = schemas::SavedLines), (status = 403, body = schemas::Problem), (status = 404, body = schemas::Problem),
        (status = 409, body = schemas::Problem), (status = 422, body = schemas::Problem)))]
pub async fn put_lines(
    State(app): State<App>,
    caller: Caller,
    Path((object, one)): Path<(String, String)>,
    Params(dry): Params<DryRun>,
    mut body: Body<PutLines>,
) -> Answer {
    let (one, version) = (id(&one)?, caller.version()?);
    body.value.dry_run |= dry.dry_run;
    let once = Once::new(&caller, &body.text, StatusCode::OK, body.value.dry_run);
    let put = move |cx: &stagecraft_core::Ctx, tx: &mut db::Write| {
        once.run(
            cx,
            tx,
            |tx| lines::put(cx, tx, &object, one, version, &body.value),
            |tx, done| {
                let record = once.record_of(cx, tx, done)?;
                Ok(json!({"result": "saved", "changed": true, "record": record, "rows": null, "refs": {}, "dry_run": false}))
            },
        )
    };
    let (status, saved) = app.door.write(&caller, put).await?;
    Ok(record(status, saved))
}
