//! The letterhead: one document of the organisation, in both languages.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use db::{Read, Write};
use model::{Violation, Violations};
use print::Language;
use sea_query::{Expr, ExprTrait, Query};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use super::{Paper, fault, language};
use crate::audit::{self, Note};
use crate::{Ctx, Error, Result, meta};

/// Bytes of a logo.
const LARGEST_LOGO: usize = 1 << 20;
/// The one row.
const ROW: i64 = 1;
/// Lines of the sample.
const SAMPLE_LINES: usize = 14;

/// How the organisation presents itself in one language. What is blank is not printed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Texts {
    pub name: String,
    pub address: String,
    pub phone: String,
    pub email: String,
    pub web: String,
    pub registration_number: String,
    pub tax_number: String,
    pub bank_details: String,
    pub footer: String,
}

impl Texts {
    fn is_blank(&self) -> bool {
        self.all().iter().all(|(_, text, _)| text.trim().is_empty())
    }

    /// Every text with its name and how many characters it may have.
    fn all(&self) -> [(&'static str, &str, usize); 9] {
        [
            ("name", &self.name, 200),
            ("address", &self.address, 500),
            ("phone", &self.phone, 100),
            ("email", &self.email, 200),
            ("web", &self.web, 200),
            ("registration_number", &self.registration_number, 100),
            ("tax_number", &self.tax_number, 100),
            ("bank_details", &self.bank_details, 500),
            ("footer", &self.footer, 300),
        ]
    }
}

/// The sheet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Sheet {
    #[default]
    A4,
    Letter,
}

/// The stored document; the logo stands beside it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Document {
    paper: Sheet,
    en: Texts,
    zh: Texts,
}

/// `PUT /organisation/letterhead`: the whole of it, as `GET` gave it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wanted {
    /// `a4` or `letter`.
    #[serde(default = "a4")]
    pub paper: String,
    #[serde(default)]
    pub en: Texts,
    #[serde(default)]
    pub zh: Texts,
    /// The picture in base64; absent for none.
    #[serde(default)]
    pub logo: Option<String>,
    /// As given; looked at in `If-Match` alone.
    #[serde(default, rename = "version")]
    _version: Option<i64>,
}

fn a4() -> String {
    "a4".to_owned()
}

/// The letterhead as it stands.
struct Standing {
    version: i64,
    document: Document,
    logo: Option<Vec<u8>>,
}

impl Standing {
    fn show(&self) -> Json {
        let mut shown = json!(self.document);
        shown["version"] = self.version.into();
        shown["logo"] = self.logo.as_ref().map(|logo| STANDARD.encode(logo)).into();
        shown
    }

    /// What the trace keeps: whether there is a logo and how large it is, not what it shows.
    fn noted(&self) -> Json {
        let mut noted = json!(self.document);
        noted["logo"] = self.logo.as_ref().map(Vec::len).into();
        noted
    }
}

/// The letterhead; administrators only. An organisation that has none yet has a blank one of version 0.
pub fn read(cx: &Ctx, tx: &mut Read) -> Result<Json> {
    cx.administrators_only("read", "organisation")?;
    Ok(standing(tx)?.show())
}

/// Replaces the letterhead; administrators only. `seen` is the version that the caller worked on.
pub fn save(cx: &Ctx, tx: &mut Write, seen: Option<i64>, wanted: &Wanted) -> Result<Json> {
    cx.administrators_only("edit", "organisation")?;
    let before = standing(tx)?;
    if seen.is_some_and(|seen| seen != before.version) {
        return Err(conflict(&before));
    }
    let (document, logo) = checked(wanted)?;
    let after = Standing { version: before.version + 1, document, logo };
    if !put(tx, &before, &after)? {
        return Err(conflict(&standing(tx)?));
    }
    let note = Note::new("edit", "organisation").subject("letterhead");
    audit::note(cx, tx, note.changed(&before.noted(), &after.noted()))?;
    Ok(after.show())
}

fn conflict(standing: &Standing) -> Error {
    Error::Conflict { record: Box::new(standing.show()) }
}

/// False when somebody else was faster.
fn put(tx: &mut Write, before: &Standing, after: &Standing) -> Result<bool> {
    let (doc, logo) = (meta::text(&after.document)?, after.logo.clone());
    if before.version == 0 {
        // Of two who begin at once the second finds the row taken.
        let insert = Query::insert()
            .into_table("letterhead")
            .columns(["id", "version", "doc", "logo"])
            .values_panic([ROW.into(), after.version.into(), doc.into(), logo.into()])
            .on_conflict(sea_query::OnConflict::column("id").do_nothing().to_owned())
            .to_owned();
        return Ok(tx.execute(&insert)? == 1);
    }
    let update = Query::update()
        .table("letterhead")
        .value("version", after.version)
        .value("doc", doc)
        .value("logo", logo)
        .and_where(Expr::col("id").eq(ROW))
        .and_where(Expr::col("version").eq(before.version))
        .to_owned();
    Ok(tx.execute(&update)? == 1)
}

fn standing(tx: &mut Read) -> Result<Standing> {
    let row = tx.optional(Query::select().columns(["version", "doc", "logo"]).from("letterhead").and_where(Expr::col("id").eq(ROW)))?;
    let Some(row) = row else { return Ok(Standing { version: 0, document: Document::default(), logo: None }) };
    let doc: String = row.get("doc")?;
    let document = serde_json::from_str(&doc).map_err(|e| Error::Internal(format!("the stored letterhead cannot be read: {e}")))?;
    Ok(Standing { version: row.get("version")?, document, logo: row.get("logo")? })
}

/// What is asked for, with everything that is wrong with it.
fn checked(wanted: &Wanted) -> Result<(Document, Option<Vec<u8>>)> {
    let mut found = Violations::new();
    let paper = match wanted.paper.as_str() {
        "a4" => Sheet::A4,
        "letter" => Sheet::Letter,
        _ => {
            found.push(Violation::new("field.not_an_option", "paper").with("options", vec!["a4", "letter"]));
            Sheet::A4
        }
    };
    for (language, texts) in [("en", &wanted.en), ("zh", &wanted.zh)] {
        for (name, text, most) in texts.all() {
            let path = format!("{language}/{name}");
            if !model::text::storable(text) {
                found.push(Violation::new("field.invalid", path).with("expected", "text without the character U+0000"));
            } else if text.chars().count() > most {
                found.push(Violation::new("field.too_long", path).with("max", most));
            }
        }
    }
    let logo = logo(wanted.logo.as_deref(), &mut found);
    if found.is_empty() { Ok((Document { paper, en: wanted.en.clone(), zh: wanted.zh.clone() }, logo)) } else { Err(found.into()) }
}

fn logo(coded: Option<&str>, found: &mut Violations) -> Option<Vec<u8>> {
    let coded = coded.filter(|coded| !coded.is_empty())?;
    let Ok(logo) = STANDARD.decode(coded) else {
        found.push(Violation::new("letterhead.logo", "logo"));
        return None;
    };
    if logo.len() > LARGEST_LOGO {
        found.push(Violation::new("file.too_large", "logo").with("max", LARGEST_LOGO >> 20));
    } else if print::check_logo(&logo).is_err() {
        found.push(Violation::new("letterhead.logo", "logo"));
    }
    Some(logo)
}

/// What stands on paper in `language`: its own texts, or the other language's where it has none; the organisation's name where none is given.
pub(super) fn in_language(cx: &Ctx, tx: &mut Read, language: Language) -> Result<print::Letterhead> {
    let standing = standing(tx)?;
    Ok(letterhead(&cx.meta.organisation.name, language, standing.document, standing.logo))
}

fn letterhead(organisation: &str, language: Language, document: Document, logo: Option<Vec<u8>>) -> print::Letterhead {
    let Document { paper, en, zh } = document;
    let (own, other) = if language == Language::Chinese { (zh, en) } else { (en, zh) };
    let texts = if own.is_blank() { other } else { own };
    print::Letterhead {
        name: if texts.name.trim().is_empty() { organisation.to_owned() } else { texts.name },
        address: texts.address,
        phone: texts.phone,
        email: texts.email,
        web: texts.web,
        registration_number: texts.registration_number,
        tax_number: texts.tax_number,
        bank_details: texts.bank_details,
        footer: texts.footer,
        paper: if paper == Sheet::A4 { print::Paper::A4 } else { print::Paper::Letter },
        logo,
    }
}

/// A made-up quote under a letterhead that is not saved; administrators only.
pub fn sample(cx: &Ctx, asked: Option<&str>, wanted: &Wanted) -> Result<Paper> {
    cx.administrators_only("read", "organisation")?;
    let language = language(cx, asked)?;
    let (document, logo) = checked(wanted)?;
    let letterhead = letterhead(&cx.meta.organisation.name, language, document, logo);
    let document = print::sample::quote(letterhead, language, cx.meta.organisation.main_currency, SAMPLE_LINES);
    Ok(Paper { document, name: "letterhead.pdf".to_owned() })
}

impl Paper {
    /// The paper as a PDF. Takes a moment, and needs no transaction.
    pub fn set(&self) -> Result<Vec<u8>> {
        print::pdf(&self.document).map_err(fault)
    }
}
