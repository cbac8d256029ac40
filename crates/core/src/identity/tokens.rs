//! Personal access tokens: a program acts as the person who made it.

use db::{Read, Write};
use model::{Id, Instant, Violation};
use sea_query::{Expr, ExprTrait, Order, Query};
use serde::Deserialize;
use serde_json::{Value as Json, json};

use super::scopes::Scopes;
use super::session::is_stale;
use super::{digest, secret};
use crate::audit::{self, Note};
use crate::{Ctx, Error, Result};

/// `POST /me/tokens`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CreateToken {
    pub name: String,
    /// What it is limited to: `read`, `write`, `admin`, `opportunity:read` …; none: whatever its person may.
    #[serde(default)]
    pub scopes: Option<Vec<String>>,
    /// RFC 3339; a token without it does not expire.
    #[serde(default)]
    pub expires_at: Option<String>,
}

/// A token that holds.
pub struct Token {
    pub id: Id,
    pub name: String,
    pub person: Id,
    pub scopes: Option<Scopes>,
    /// The mark of last use is old enough to be written anew.
    pub stale: bool,
}

/// The token of a secret; refused when it is unknown or expired.
pub fn token(tx: &mut Read, token: &str, at: Instant) -> Result<Token> {
    let row = tx
        .optional(
            Query::select()
                .columns(["id", "name", "person", "scopes", "last_used_at"])
                .from("token")
                .and_where(Expr::col("hash").eq(digest(token)))
                .cond_where(sea_query::Cond::any().add(Expr::col("expires_at").is_null()).add(Expr::col("expires_at").gt(at.0))),
        )?
        .ok_or(Error::Unauthenticated("auth.required"))?;
    Ok(Token {
        id: row.get("id")?,
        name: row.get("name")?,
        person: row.get("person")?,
        scopes: row.get::<Option<String>>("scopes")?.map(|text| Scopes::stored(&text)),
        stale: row.get::<Option<i64>>("last_used_at")?.is_none_or(|used| is_stale(used, at)),
    })
}

/// One's own tokens, without the secrets.
pub fn tokens(cx: &Ctx, tx: &mut Read) -> Result<Json> {
    cx.as_oneself()?;
    let rows = tx.all(
        Query::select()
            .columns(["id", "name", "scopes", "created_at", "expires_at", "last_used_at"])
            .from("token")
            .and_where(Expr::col("person").eq(cx.who.id.0))
            .order_by("created_at", Order::Desc),
    )?;
    let items = rows
        .iter()
        .map(|row| {
            let expires = row.get::<Option<i64>>("expires_at")?.map(|at| Instant(at).to_string());
            let used = row.get::<Option<i64>>("last_used_at")?.map(|at| Instant(at).to_string());
            let scopes = row.get::<Option<String>>("scopes")?.map(|text| Scopes::stored(&text).words());
            Ok(json!({
                "id": row.get::<Id>("id")?.to_string(), "name": row.get::<String>("name")?, "scopes": scopes, "last_used_at": used,
                "created_at": Instant(row.get("created_at")?).to_string(), "expires_at": expires,
            }))
        })
        .collect::<Result<Vec<Json>>>()?;
    Ok(json!({ "items": items }))
}

/// Makes a token; its secret is in this answer and nowhere else.
pub fn create_token(cx: &Ctx, tx: &mut Write, wanted: &CreateToken) -> Result<Json> {
    if cx.who.system.is_some() {
        return Err(Error::Unauthenticated("auth.required"));
    }
    // A token must not make a wider one.
    cx.as_oneself()?;
    let name = wanted.name.trim();
    if name.is_empty() {
        return Err(Error::invalid("field.required", "name"));
    }
    if name.chars().count() > 100 {
        return Err(Violation::new("field.too_long", "name").with("max", 100).into());
    }
    if !model::text::storable(name) {
        return Err(Violation::new("field.invalid", "name").with("expected", "text without the character U+0000").into());
    }
    let expires = match &wanted.expires_at {
        None => None,
        Some(text) => match Instant::parse(text) {
            Some(at) if at > cx.at => Some(at),
            Some(_) => return Err(Violation::new("field.out_of_range", "expires_at").with("min", cx.at.to_string()).into()),
            None => {
                return Err(Violation::new("field.invalid", "expires_at").with("expected", "an instant, as 2027-01-01T00:00:00Z").into());
            }
        },
    };
    let scopes = wanted.scopes.as_deref().map(|scopes| Scopes::asked(scopes, &cx.meta.schema)).transpose()?.map(|scopes| scopes.words());
    let (id, token) = (cx.new_id(), format!("sc_{}", secret()));
    tx.execute(
        Query::insert().into_table("token").columns(["id", "person", "name", "hash", "scopes", "created_at", "expires_at"]).values_panic([
            id.0.into(),
            cx.who.id.0.into(),
            name.into(),
            digest(&token).into(),
            scopes.as_ref().map(|words| words.join(" ")).into(),
            cx.at.0.into(),
            expires.map(|at| at.0).into(),
        ]),
    )?;
    let told = Note::new("create_token", "person").record("employee", cx.who.id).subject(cx.who.name.as_str());
    audit::note(cx, tx, told.detail(json!({"name": name, "scopes": scopes, "expires_at": expires.map(|at| at.to_string())})))?;
    Ok(
        json!({"id": id.to_string(), "name": name, "token": token, "scopes": scopes, "created_at": cx.at.to_string(), "expires_at": expires.map(|at| at.to_string())}),
    )
}

/// Revokes one of one's own tokens.
pub fn revoke_token(cx: &Ctx, tx: &mut Write, id: Id) -> Result<()> {
    cx.as_oneself()?;
    let gone =
        tx.execute(Query::delete().from_table("token").and_where(Expr::col("id").eq(id.0)).and_where(Expr::col("person").eq(cx.who.id.0)))?;
    if gone == 0 {
        return Err(Error::NotFound);
    }
    audit::note(cx, tx, Note::new("revoke_token", "person").record("employee", cx.who.id).subject(cx.who.name.as_str()))
}
