//! Quotes: made from a deal, another version, a step further.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use stagecraft_core::quotes::{self, FromDeal, NewVersion, Turn};

use super::act::act;
use super::once::Once;
use super::show::{Answer, id, record};
use crate::app::App;
use crate::edge::{Body, Caller, DryRun, Params};
use crate::openapi::schemas;

/// Make a quote of an opportunity.
///
/// It belongs to whoever makes it, and has the deal's lines unless `with_lines` is false. Without `currency` it is in that of the price book, of
/// the lines, or of the deal's amount; lines in several are refused (`quote.several_currencies`) until one is named, and prices in another than
/// the quote's are converted at today's rate and told in `converted`. What of the lines the caller may know and not write is told in `not_copied`.
#[utoipa::path(post, path = "/records/opportunity/{id}/quotes", tag = "Quotes", request_body = schemas::NewQuote,
    params(("id" = String, Path), schemas::DryRunQuery, schemas::OnceHeader),
    responses((status = 201, body = schemas::QuoteMade), (status = 403, body = schemas::Problem), (status = 404, body = schemas::Problem),
        (status = 422, body = schemas::Problem)))]
pub async fn from_deal(
    State(app): State<App>,
    caller: Caller,
    Path(one): Path<String>,
    Params(dry): Params<DryRun>,
    mut body: Body<FromDeal>,
) -> Answer {
    let one = id(&one)?;
    body.value.dry_run |= dry.dry_run;
    let status = if body.value.dry_run { StatusCode::OK } else { StatusCode::CREATED };
    let once = Once::new(&caller, &body.text, status, body.value.dry_run);
    let made = app.door.write(&caller, move |cx, tx| {
        let made = once.on_record(cx, tx, "saved", |tx| quotes::from_deal(cx, tx, one, &body.value));
        made.map(|(status, mut told)| {
            // Told again it is the quote as it is now.
            for key in ["converted", "not_copied"] {
                if told[key].is_null() {
                    told[key] = serde_json::json!([]);
                }
            }
            (status, told)
        })
    });
    let (status, made) = made.await?;
    Ok(record(status, made))
}

/// Make another version of a quote.
///
/// A draft with the same number and all that the latest version offers, which takes its place: earlier versions are accepted no more. Not of a
/// draft (`quote.still_draft`), nor of a version that is not the latest (`quote.newer_version`).
#[utoipa::path(post, path = "/records/quote/{id}/version", tag = "Quotes", request_body = schemas::NewQuoteVersion,
    params(("id" = String, Path), schemas::DryRunQuery, schemas::IfMatchHeader, schemas::OnceHeader),
    responses((status = 201, body = schemas::Saved), (status = 403, body = schemas::Problem), (status = 404, body = schemas::Problem),
        (status = 409, body = schemas::Problem), (status = 422, body = schemas::Problem)))]
pub async fn version(
    State(app): State<App>,
    caller: Caller,
    Path(one): Path<String>,
    Params(dry): Params<DryRun>,
    mut body: Body<NewVersion>,
) -> Answer {
    let (one, seen) = (id(&one)?, caller.version()?);
    body.value.dry_run |= dry.dry_run;
    let status = if body.value.dry_run { StatusCode::OK } else { StatusCode::CREATED };
    let once = Once::new(&caller, &body.text, status, body.value.dry_run);
    let made = app.door.write(&caller, move |cx, tx| once.on_record(cx, tx, "saved", |tx| quotes::version(cx, tx, one, seen, &body.value)));
    let (status, made) = made.await?;
    Ok(record(status, made))
}

/// Take a quote a step further.
///
/// `sent`, `accepted` or `rejected` (with the `reason`); `sent` again for one that was answered, with a reason where it was accepted. What a flow
/// catches waits in review (`pending_approval`). An acceptance makes of the deal what was offered, in the same transaction: its lines, its amount
/// (the subtotal), its price book and `accepted_quote`; the answer shows the deal as `opportunity`, of a dry run as it would be. An edit of
/// `quote_status` by any other way is judged in the same way.
#[utoipa::path(post, path = "/records/quote/{id}/status", tag = "Quotes", request_body = schemas::TurnQuote,
    params(("id" = String, Path), schemas::DryRunQuery, schemas::IfMatchHeader, schemas::OnceHeader),
    responses((status = 200, body = schemas::QuoteTurned), (status = 403, body = schemas::Problem), (status = 404, body = schemas::Problem),
        (status = 409, body = schemas::Problem), (status = 422, body = schemas::Problem)))]
pub async fn turn(
    State(app): State<App>,
    caller: Caller,
    Path(one): Path<String>,
    Params(dry): Params<DryRun>,
    body: Body<Turn>,
) -> Answer {
    act(&app, &caller, &one, dry, body, "saved", quotes::turn).await
}
