//! Signing in by a provider: whom its word lets in. How the word is got and checked is the server's affair.

use db::{Limits, Read, Write};
use model::{Id, Value};
use sea_query::{Expr, ExprTrait, Query};
use serde_json::{Map, json};

use super::session::How;
use super::settings::Provider;
use super::sign_in::{Entered, enter};
use super::{load_who, second_factor};
use crate::audit::{self, Note, Origin};
use crate::records::read_fields;
use crate::save::{Change, Deed, save};
use crate::{Credential, Ctx, Error, House, Result};

/// What a provider says of somebody, after its signature and everything else has been checked.
#[derive(Clone, Debug)]
pub struct Word {
    pub issuer: String,
    /// Who it is there: never changes.
    pub subject: String,
    pub email: Option<String>,
    /// The provider has verified that the e-mail is his.
    pub verified: bool,
    pub name: Option<String>,
}

/// Lets somebody in on a provider's word: by who he is there, at first by his verified e-mail. Each refusal has a code of its own.
pub fn enter_by_provider(house: &House, limits: Limits, word: &Word, origin: &Origin) -> Result<Entered> {
    let entered = enter_on(house, limits.clone(), word, origin);
    if let Err(Error::Unauthenticated(code)) = &entered {
        // What was refused has left no trace of its own.
        let why = Credential::System("to note who was refused");
        house.write(&why, limits, origin, |cx, tx| {
            let subject = word.email.as_deref().unwrap_or(&word.subject);
            let told = Note::new("sign_in", "person").subject(subject).refused(*code);
            audit::note(cx, tx, told.detail(json!({"how": How::Provider.key(), "issuer": word.issuer})))
        })?;
    }
    entered
}

fn enter_on(house: &House, limits: Limits, word: &Word, origin: &Origin) -> Result<Entered> {
    house.write(&Credential::System("to sign somebody in by the provider"), limits, origin, |cx, tx| {
        let provider = cx
            .meta
            .sign_in
            .active_provider()
            .filter(|provider| provider.issuer == word.issuer)
            .cloned()
            .ok_or(Error::Unauthenticated("auth.provider_off"))?;
        let mut locks = vec![format!("provider_subject:{}:{}", word.issuer, word.subject)];
        locks.extend(word.email.as_ref().map(|email| format!("provider_email:{}", email.to_lowercase())));
        tx.lock(&locks)?;
        let person = match linked(tx, word)? {
            Some(person) => person,
            None => link(cx, tx, &provider, word)?,
        };
        let who = load_who(tx, &cx.meta, person).map_err(|error| match error {
            Error::Unauthenticated(_) => Error::Unauthenticated("auth.person_inactive"),
            other => other,
        })?;
        let code_needed = provider.ask_second_factor && second_factor::is_on(tx, who.id)?;
        enter(cx, tx, who.id, How::Provider, code_needed, origin)
    })
}

fn linked(tx: &mut Read, word: &Word) -> Result<Option<Id>> {
    let row = tx.optional(
        Query::select()
            .column("person")
            .from("provider_link")
            .and_where(Expr::col("issuer").eq(word.issuer.as_str()))
            .and_where(Expr::col("subject").eq(word.subject.as_str())),
    )?;
    Ok(row.map(|row| row.get("person")).transpose()?)
}

/// Finds or makes the person of a first sign-in.
fn link(cx: &Ctx, tx: &mut Write, provider: &Provider, word: &Word) -> Result<Id> {
    let refused = Error::Unauthenticated;
    let email = word.email.as_deref().filter(|email| !email.is_empty()).ok_or(refused("auth.provider_no_email"))?;
    if !word.verified && !provider.email_always_verified {
        return Err(refused("auth.provider_email_unverified"));
    }
    let employee = cx.meta.schema.object("employee").ok_or(Error::NotFound)?;
    let found = if model::text::storable(email) { db::records::find_by(tx, employee, "email", &[email.into()])? } else { Vec::new() };
    let person = match found.first() {
        Some((_, person)) => {
            // Who is inactive is refused before anything is noted of him.
            load_who(tx, &cx.meta, *person).map_err(|_| refused("auth.person_inactive"))?;
            // An address that was given to somebody else there must not open the account of whoever had it.
            let other = Query::select()
                .column("subject")
                .from("provider_link")
                .and_where(Expr::col("issuer").eq(word.issuer.as_str()))
                .and_where(Expr::col("person").eq(person.0))
                .to_owned();
            if tx.optional(&other)?.is_some() {
                return Err(refused("auth.provider_other_account"));
            }
            *person
        }
        None if provider.make_people => make(cx, tx, provider, word, email)?,
        None => return Err(refused("auth.provider_unknown_person")),
    };
    tx.execute(Query::insert().into_table("provider_link").columns(["issuer", "subject", "person", "created_at"]).values_panic([
        word.issuer.as_str().into(),
        word.subject.as_str().into(),
        person.0.into(),
        cx.at.0.into(),
    ]))?;
    let name = super::name_of(cx, tx, person)?;
    let told = Note::new("link_provider", "person").record("employee", person).subject(name).by(person);
    audit::note(cx, tx, told.detail(json!({"issuer": word.issuer})))?;
    Ok(person)
}

fn make(cx: &Ctx, tx: &mut Write, provider: &Provider, word: &Word, email: &str) -> Result<Id> {
    let employee = cx.meta.schema.object("employee").ok_or(Error::NotFound)?;
    let name: String = word.name.as_deref().map(str::trim).filter(|name| !name.is_empty()).unwrap_or(email).chars().take(200).collect();
    let typed = json!({"name": name, "email": email});
    let mut person = Change::new("employee", Deed::Create);
    person.patch = read_fields(cx, employee, typed.as_object().unwrap_or(&Map::new()))?;
    person.patch.insert("active".into(), true.into());
    person.patch.insert("roles".into(), Value::Keys(provider.role.iter().cloned().collect()));
    Ok(save(cx, tx, person)?.record.id)
}
