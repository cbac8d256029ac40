//! A form as it is written, and what may be wrong with it.

use std::collections::BTreeSet;

use db::Read;
use db::records::Scope;
use model::field::FieldType;
use model::objects::lead::KEY;
use model::role::FieldAccess;
use model::{Field, Id, Label, Object, Violation, Violations};
use sea_query::Query;
use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use crate::{Ctx, Meta, Result, meta};

const LONGEST_NAME: usize = 100;
const LONGEST_TEXT: usize = 1000;
const MOST_FIELDS: usize = 50;
const MOST_ORIGINS: usize = 50;
/// Seconds that somebody needs at least to fill a form in.
const MOST_SECONDS: u32 = 60;

/// A form.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Form {
    pub id: Id,
    /// By which it is known to the world.
    pub public_key: String,
    pub name: String,
    pub active: bool,
    /// Of its labels and of what it answers.
    pub language: String,
    /// What stands above it.
    pub title: String,
    pub fields: Vec<Offered>,
    /// Values that are set besides, by field.
    pub values: Map<String, Json>,
    /// Sites that may send it, as `https://www.example.com`; `*` is any.
    pub origins: Vec<String>,
    /// Where visitors are led afterwards.
    pub thanks_url: Option<String>,
    /// What they are told where they are led nowhere.
    pub thanks: String,
    pub assignment: Assigned,
    /// Who fills it in faster is a program; 0 asks for nothing.
    pub minimum_seconds: u32,
    pub version: i64,
}

/// A field that visitors fill in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Offered {
    pub field: String,
    #[serde(default)]
    pub required: bool,
    /// What it is called there; the field's own label when empty.
    #[serde(default)]
    pub label: String,
}

/// Who gets what comes in.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(tag = "by", rename_all = "snake_case", deny_unknown_fields)]
pub enum Assigned {
    /// Whoever the rules of assignment name.
    #[default]
    Rules,
    Person {
        person: String,
    },
    /// It lies until somebody assigns it.
    Nobody,
}

/// The body of `POST /web-forms` and `PUT /web-forms/{id}`: what `GET` gave is taken as it is.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wanted {
    #[serde(default)]
    pub name: String,
    #[serde(default = "yes")]
    pub active: bool,
    #[serde(default)]
    pub language: String,
    #[serde(default)]
    pub title: String,
    #[serde(default)]
    pub fields: Vec<Offered>,
    #[serde(default)]
    pub values: Map<String, Json>,
    #[serde(default)]
    pub origins: Vec<String>,
    #[serde(default)]
    pub thanks_url: Option<String>,
    #[serde(default)]
    pub thanks: String,
    #[serde(default)]
    pub assignment: Assigned,
    #[serde(default = "seconds")]
    pub minimum_seconds: u32,
    // The product's own, and not the caller's to say.
    #[serde(default, rename = "id")]
    _id: IgnoredAny,
    #[serde(default, rename = "public_key")]
    _public_key: IgnoredAny,
    #[serde(default, rename = "version")]
    _version: IgnoredAny,
    #[serde(default, rename = "refs")]
    _refs: IgnoredAny,
}

fn yes() -> bool {
    true
}

fn seconds() -> u32 {
    2
}

impl Form {
    /// The lead's field of one that is offered, as long as it is there.
    pub fn field<'a>(&self, object: &'a Object, offered: &Offered) -> Option<&'a Field> {
        object.field(&offered.field).filter(|field| may_be_offered(field))
    }

    /// What a field is called on it.
    pub fn label(&self, field: &Field, offered: &Offered) -> String {
        if offered.label.is_empty() { Label::in_language(&field.label, &self.language).to_owned() } else { offered.label.clone() }
    }
}

/// True for fields that a stranger may fill in: no records, people or files, and nothing that the product keeps.
pub(super) fn may_be_offered(field: &Field) -> bool {
    use FieldType::{Boolean, Currency, Date, Datetime, Email, LongText, MultiSelect, Number, Percent, Phone, Select, Text, Url};
    !field.is_kept_by_product()
        && matches!(
            field.kind,
            Text { .. }
                | LongText
                | Email
                | Phone
                | Url
                | Number { .. }
                | Percent { .. }
                | Currency
                | Boolean
                | Date
                | Datetime
                | Select { .. }
                | MultiSelect { .. }
        )
}

pub(super) fn all(tx: &mut Read) -> Result<Vec<Form>> {
    let mut forms: Vec<Form> =
        tx.all(&Query::select().column("doc").from("web_form").to_owned())?.iter().map(meta::doc).collect::<Result<_>>()?;
    forms.sort_by_cached_key(|form| (model::text::fold(&form.name), form.id));
    Ok(forms)
}

/// Where forms name a field of leads.
pub(crate) fn uses(tx: &mut Read, object: &str, field: &str) -> Result<Vec<(Form, String)>> {
    if object != KEY {
        return Ok(Vec::new());
    }
    let place = |form: &Form| {
        let offered = form.fields.iter().position(|offered| offered.field == field).map(|at| format!("fields/{at}"));
        offered.or_else(|| form.values.contains_key(field).then(|| format!("values/{field}")))
    };
    Ok(all(tx)?.into_iter().filter_map(|form| place(&form).map(|place| (form, place))).collect())
}

/// The form that a document describes. Errors: everything that stands against it.
pub(super) fn read(cx: &Ctx, tx: &mut Read, meta: &Meta, wanted: &Wanted, (id, public_key): (Id, String), version: i64) -> Result<Form> {
    let mut found = Violations::new();
    let name = text(&wanted.name, "name", LONGEST_NAME, &mut found);
    if name.is_empty() {
        found.push(Violation::new("field.required", "name"));
    }
    let language = if wanted.language.is_empty() { meta.organisation.language.clone() } else { wanted.language.clone() };
    if !model::organisation::LANGUAGES.contains(&language.as_str()) {
        found.push(Violation::new("field.not_an_option", "language").with("value", language.as_str()));
    }
    let form = Form {
        id,
        public_key,
        name,
        active: wanted.active,
        language,
        title: text(&wanted.title, "title", LONGEST_NAME, &mut found),
        fields: wanted.fields.clone(),
        values: wanted.values.clone(),
        origins: origins(&wanted.origins, &mut found),
        thanks_url: wanted.thanks_url.as_deref().map(str::trim).filter(|url| !url.is_empty()).map(str::to_owned),
        thanks: text(&wanted.thanks, "thanks", LONGEST_TEXT, &mut found),
        assignment: wanted.assignment.clone(),
        minimum_seconds: wanted.minimum_seconds,
        version,
    };
    if form.thanks_url.as_deref().is_some_and(|url| !is_web_address(url)) {
        found.push(Violation::new("field.invalid", "thanks_url").with("expected", "a web address, as https://example.com"));
    }
    if form.minimum_seconds > MOST_SECONDS {
        found.push(Violation::new("field.out_of_range", "minimum_seconds").with("min", 0).with("max", MOST_SECONDS));
    }
    fields(cx, meta, &form, &mut found);
    person(tx, meta, &form, &mut found)?;
    if found.is_empty() { Ok(form) } else { Err(found.into()) }
}

fn text(text: &str, path: &'static str, longest: usize, found: &mut Violations) -> String {
    let text = text.trim().to_owned();
    if !model::text::storable(&text) {
        found.push(Violation::new("field.invalid", path).with("expected", "text without the character U+0000"));
    } else if text.chars().count() > longest {
        found.push(Violation::new("field.too_long", path).with("max", longest));
    }
    text
}

/// The offered fields and the values set besides are the lead's, known to the author, each once; what must be filled in is among them.
fn fields(cx: &Ctx, meta: &Meta, form: &Form, found: &mut Violations) {
    let Some(object) = meta.schema.object(KEY) else { return };
    let known = |key: &str| {
        let field = object.field(key).filter(|field| may_be_offered(field));
        field.filter(|field| cx.who.system.is_some() || cx.who.rights.field(KEY, field) > FieldAccess::Hidden)
    };
    if form.fields.len() > MOST_FIELDS {
        found.push(Violation::new("field.too_long", "fields").with("max", MOST_FIELDS));
        return;
    }
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    for (at, offered) in form.fields.iter().enumerate() {
        let path = format!("fields/{at}/field");
        if known(&offered.field).is_none() {
            found.push(Violation::new("field.unknown", path).with("field", offered.field.as_str()));
        } else if !seen.insert(&offered.field) {
            found.push(Violation::new("field.not_unique", path).with("value", offered.field.as_str()));
        } else if offered.label.chars().count() > LONGEST_NAME || !model::text::storable(&offered.label) {
            found.push(Violation::new("field.too_long", format!("fields/{at}/label")).with("max", LONGEST_NAME));
        }
    }
    for (key, value) in &form.values {
        let path = format!("values/{key}");
        match known(key) {
            None => found.push(Violation::new("field.unknown", path).with("field", key.as_str())),
            Some(_) if seen.contains(key.as_str()) => found.push(Violation::new("field.not_unique", path).with("value", key.as_str())),
            Some(field) => {
                if let Err(violation) = field.parse(value, meta.organisation.main_currency) {
                    found.push(Violation { path, ..violation });
                }
            }
        }
    }
    for field in object.fields.iter().filter(|field| field.required && field.default.is_none() && may_be_offered(field)) {
        let asked = form.fields.iter().any(|offered| offered.field == field.key && offered.required);
        let set = form.values.get(&field.key).is_some_and(|value| !value.is_null());
        if !(asked || set) {
            found.push(Violation::new("web_form.required_missing", "fields").with("field", field.key.as_str()));
        }
    }
}

fn person(tx: &mut Read, meta: &Meta, form: &Form, found: &mut Violations) -> Result<()> {
    let Assigned::Person { person } = &form.assignment else { return Ok(()) };
    let there = match (person.parse::<Id>(), meta.schema.object("employee")) {
        (Ok(id), Some(employee)) => db::records::load(tx, &meta.schema, employee, &Scope::All("who may get leads"), &[id])?
            .first()
            .is_some_and(crate::identity::is_active),
        _ => false,
    };
    if !there {
        found.push(Violation::new("field.reference_not_found", "assignment/person").with("id", person.as_str()));
    }
    Ok(())
}

fn origins(wanted: &[String], found: &mut Violations) -> Vec<String> {
    if wanted.len() > MOST_ORIGINS {
        found.push(Violation::new("field.too_long", "origins").with("max", MOST_ORIGINS));
    }
    let mut read = Vec::new();
    for (at, origin) in wanted.iter().enumerate() {
        let origin = origin.trim().trim_end_matches('/').to_lowercase();
        let host = origin.strip_prefix("https://").or_else(|| origin.strip_prefix("http://")).unwrap_or("");
        let good = origin == "*" || !host.is_empty() && host.bytes().all(|b| b.is_ascii_alphanumeric() || b".-:[]".contains(&b));
        if !good {
            found.push(
                Violation::new("field.invalid", format!("origins/{at}"))
                    .with("expected", "the address of a site, as https://www.example.com"),
            );
        } else if !read.contains(&origin) {
            read.push(origin);
        }
    }
    read
}

fn is_web_address(url: &str) -> bool {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    url.len() <= 2000
        && rest.is_some_and(|rest| !rest.is_empty() && !rest.starts_with('/'))
        && url.bytes().all(|b| b.is_ascii_graphic() && !b"\"'<>\\^`{|}".contains(&b))
}
