//! Objects: what the screens are drawn from.

use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use stagecraft_core::objects::{self, SetOptions};

use super::show::{Answer, json, tagged};
use crate::app::App;
use crate::edge::{Body, Caller};
use crate::openapi::schemas;

/// All objects one may read.
///
/// In the order of navigation, with the fields one may know of. The ETag holds until metadata or one's rights change.
#[utoipa::path(get, path = "/objects", tag = "Objects", responses((status = 200, body = schemas::Objects), (status = 304)))]
pub async fn list(State(app): State<App>, caller: Caller, headers: HeaderMap) -> Answer {
    let (tag, body) = app.door.read(&caller, |cx, _| Ok((format!("m{}.{}", cx.meta.version, cx.who.id), objects::list(cx)))).await?;
    Ok(tagged(&headers, &tag, body))
}

/// One object.
#[utoipa::path(get, path = "/objects/{object}", tag = "Objects", params(("object" = String, Path, example = "opportunity")),
    responses((status = 200, body = schemas::Object), (status = 404, body = schemas::Problem)))]
pub async fn one(State(app): State<App>, caller: Caller, Path(object): Path<String>, headers: HeaderMap) -> Answer {
    let (tag, body) =
        app.door.read(&caller, move |cx, _| Ok((format!("m{}.{}", cx.meta.version, cx.who.id), objects::one(cx, &object)?))).await?;
    Ok(tagged(&headers, &tag, body))
}

/// Replace the options of a select field.
///
/// The whole list in its order; an option without a key gets one from its label. Administrators only. An option that is used
/// cannot be left out, a used stage cannot change its type.
#[utoipa::path(put, path = "/objects/{object}/fields/{field}/options", tag = "Objects",
    params(("object" = String, Path, example = "opportunity"), ("field" = String, Path, example = "stage")), request_body = schemas::SetOptions,
    responses((status = 200, body = schemas::Options), (status = 403, body = schemas::Problem), (status = 422, body = schemas::Problem)))]
pub async fn set_options(
    State(app): State<App>,
    caller: Caller,
    Path((object, field)): Path<(String, String)>,
    body: Body<SetOptions>,
) -> Answer {
    let answer = app.door.write(&caller, move |cx, tx| objects::set_options(cx, tx, &object, &field, &body.value)).await?;
    Ok(json(StatusCode::OK, answer))
}
