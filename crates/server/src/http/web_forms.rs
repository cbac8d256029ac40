//! Web forms, as documents.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use db::Write;
use serde_json::{Value, json as body_of};
use stagecraft_core::web_forms::{self, Wanted};

use super::once::Once;
use super::public_leads::snippet_of;
use super::show::{Answer, done, id, json, versioned};
use crate::app::App;
use crate::edge::{Body, Caller};
use crate::openapi::schemas;

/// Web forms.
///
/// By name. Administrators only.
#[utoipa::path(get, path = "/web-forms", tag = "Leads",
    responses((status = 200, body = schemas::WebForms), (status = 403, body = schemas::Problem)))]
pub async fn list(State(app): State<App>, caller: Caller) -> Answer {
    Ok(json(StatusCode::OK, app.door.read(&caller, web_forms::list).await?))
}

/// One web form.
///
/// Administrators only.
#[utoipa::path(get, path = "/web-forms/{id}", tag = "Leads", params(("id" = String, Path)),
    responses((status = 200, body = schemas::WebForm), (status = 403, body = schemas::Problem), (status = 404, body = schemas::Problem)))]
pub async fn one(State(app): State<App>, caller: Caller, Path(form): Path<String>) -> Answer {
    let form = id(&form)?;
    Ok(versioned(StatusCode::OK, app.door.read(&caller, move |cx, tx| web_forms::one(cx, tx, form)).await?))
}

/// Make a web form.
///
/// Its public key is made for it and stays. Administrators only.
#[utoipa::path(post, path = "/web-forms", tag = "Leads", request_body = schemas::SaveWebForm, params(schemas::OnceHeader),
    responses((status = 201, body = schemas::WebForm), (status = 403, body = schemas::Problem), (status = 422, body = schemas::Problem)))]
pub async fn create(State(app): State<App>, caller: Caller, body: Body<Wanted>) -> Answer {
    let once = Once::new(&caller, &body.text, StatusCode::CREATED, false);
    let (status, form) = app
        .door
        .write(&caller, move |cx, tx| {
            let first = |tx: &mut Write| web_forms::save(cx, tx, None, None, &body.value);
            once.run(cx, tx, first, |tx, made| made.record.map_or(Ok(Value::Null), |form| web_forms::one(cx, tx, form)))
        })
        .await?;
    Ok(versioned(status, form))
}

/// Replace a web form.
///
/// The whole of it, as `GET` gave it. Administrators only.
#[utoipa::path(put, path = "/web-forms/{id}", tag = "Leads", request_body = schemas::SaveWebForm, params(("id" = String, Path), schemas::IfMatchHeader),
    responses((status = 200, body = schemas::WebForm), (status = 403, body = schemas::Problem), (status = 404, body = schemas::Problem),
        (status = 409, body = schemas::Problem), (status = 422, body = schemas::Problem)))]
pub async fn replace(State(app): State<App>, caller: Caller, Path(form): Path<String>, body: Body<Wanted>) -> Answer {
    let (form, seen) = (id(&form)?, caller.version()?);
    Ok(versioned(StatusCode::OK, app.door.write(&caller, move |cx, tx| web_forms::save(cx, tx, Some(form), seen, &body.value)).await?))
}

/// Remove a web form.
///
/// What came in by it stays. Administrators only.
#[utoipa::path(delete, path = "/web-forms/{id}", tag = "Leads", params(("id" = String, Path), schemas::IfMatchHeader),
    responses((status = 204), (status = 403, body = schemas::Problem), (status = 404, body = schemas::Problem), (status = 409, body = schemas::Problem)))]
pub async fn remove(State(app): State<App>, caller: Caller, Path(form): Path<String>) -> Answer {
    let (form, seen) = (id(&form)?, caller.version()?);
    app.door.write(&caller, move |cx, tx| web_forms::delete(cx, tx, form, seen)).await?;
    Ok(done())
}

/// HTML to put a form on a page.
///
/// As plain HTML without styles, with the address of the form's own page. Administrators only.
#[utoipa::path(get, path = "/web-forms/{id}/snippet", tag = "Leads", params(("id" = String, Path)),
    responses((status = 200, body = schemas::WebFormSnippet), (status = 403, body = schemas::Problem), (status = 404, body = schemas::Problem)))]
pub async fn snippet(State(app): State<App>, caller: Caller, Path(form): Path<String>) -> Answer {
    let form = id(&form)?;
    let (form, meta) = app.door.read(&caller, move |cx, tx| Ok((web_forms::one(cx, tx, form)?, cx.meta.clone()))).await?;
    let address = format!(
        "{}/api/v1/public/leads/{}",
        caller.own_address.clone().unwrap_or_default(),
        form["public_key"].as_str().unwrap_or_default()
    );
    let form = serde_json::from_value(form_of(form)).map_err(|e| stagecraft_core::Error::Internal(e.to_string()))?;
    Ok(json(StatusCode::OK, body_of!({"html": snippet_of(&form, &meta, &address), "page": address})))
}

/// Without what stands beside the form itself.
fn form_of(mut shown: Value) -> Value {
    if let Some(map) = shown.as_object_mut() {
        map.remove("refs");
    }
    shown
}
