//! What people have said that a month will bring, and what those above them made of it: kept for good, one after another.

use std::collections::BTreeMap;

use db::{Read, Row, Write};
use model::period::Period;
use model::{Id, Instant};
use sea_query::{Expr, ExprTrait, Order, Query, SelectStatement};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::{Error, Result, meta};

/// People that are asked for one by one; of more, whole months are read.
const FEW: usize = 500;

/// For what somebody speaks: his own deals, or those of his whole line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Covers {
    #[default]
    Own,
    Line,
}

impl Covers {
    pub fn key(self) -> &'static str {
        match self {
            Covers::Own => "own",
            Covers::Line => "line",
        }
    }
}

/// What was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Somebody said it of himself.
    Submission,
    /// Somebody above him put it otherwise.
    Adjustment,
    /// The adjustment was taken back.
    Withdrawal,
}

/// Amounts in ten-thousandths of the main currency.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Word {
    pub commit: i128,
    pub best_case: i128,
}

impl std::ops::AddAssign for Word {
    fn add_assign(&mut self, other: Word) {
        self.commit += other.commit;
        self.best_case += other.best_case;
    }
}

/// One entry.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub n: i64,
    pub kind: Kind,
    /// None of a withdrawal.
    pub word: Option<Word>,
    pub note: String,
    pub at: Instant,
    pub by: Id,
    /// How the deals stood.
    pub figures: Json,
}

/// What stands of one person, month and cover.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Stands {
    pub submitted: Option<Word>,
    pub adjusted: Option<Word>,
}

const COLUMNS: [&str; 10] = ["month", "person", "covers", "n", "kind", "commit_amount", "best_case", "note", "at", "by_id"];

fn columns() -> SelectStatement {
    Query::select().columns(COLUMNS).from("forecast_entry").to_owned()
}

fn entry(row: &Row, figures: Json) -> Result<Entry> {
    let kind = match row.get::<String>("kind")?.as_str() {
        "submission" => Kind::Submission,
        "adjustment" => Kind::Adjustment,
        _ => Kind::Withdrawal,
    };
    let (commit, best_case): (Option<i64>, Option<i64>) = (row.get("commit_amount")?, row.get("best_case")?);
    let word = commit.zip(best_case).map(|(commit, best_case)| Word { commit: commit.into(), best_case: best_case.into() });
    Ok(Entry { n: row.get("n")?, kind, word, note: row.get("note")?, at: Instant(row.get("at")?), by: row.get("by_id")?, figures })
}

/// All of one person, month and cover, the first one first.
pub(super) fn history(tx: &mut Read, month: Period, person: Id, covers: Covers) -> Result<Vec<Entry>> {
    let mut select = columns();
    select
        .column("figures")
        .and_where(Expr::col("month").eq(month.to_string()))
        .and_where(Expr::col("person").eq(person.0))
        .and_where(Expr::col("covers").eq(covers.key()))
        .order_by("n", Order::Asc);
    let read = |row: &Row| {
        let text: String = row.get("figures")?;
        entry(row, serde_json::from_str(&text).map_err(|e| Error::Internal(format!("stored figures cannot be read: {e}")))?)
    };
    tx.all(&select)?.iter().map(read).collect()
}

/// What stands of entries that follow each other.
pub(super) fn standing<'a>(entries: impl Iterator<Item = &'a Entry>) -> Stands {
    entries.fold(Stands::default(), |mut stands, entry| {
        match entry.kind {
            Kind::Submission => stands.submitted = entry.word,
            Kind::Adjustment => stands.adjusted = entry.word,
            Kind::Withdrawal => stands.adjusted = None,
        }
        stands
    })
}

/// By month, person and cover.
pub(super) type Standing = BTreeMap<(String, Id, Covers), Stands>;

/// What stands of these people in these months, or of everybody.
pub(super) fn of_months(tx: &mut Read, months: &[Period], people: Option<&[Id]>) -> Result<Standing> {
    let mut select = columns();
    select.and_where(Expr::col("month").is_in(months.iter().map(Period::to_string)));
    if let Some(people) = people.filter(|people| people.len() <= FEW) {
        select.and_where(Expr::col("person").is_in(people.iter().map(|id| id.0)));
    }
    select.order_by("month", Order::Asc).order_by("person", Order::Asc).order_by("covers", Order::Asc).order_by("n", Order::Asc);
    let mut all: BTreeMap<(String, Id, Covers), Vec<Entry>> = BTreeMap::new();
    for row in tx.all_once(&select)? {
        let covers = if row.get::<String>("covers")? == Covers::Line.key() { Covers::Line } else { Covers::Own };
        all.entry((row.get("month")?, row.get("person")?, covers)).or_default().push(entry(&row, Json::Null)?);
    }
    Ok(all.into_iter().map(|(of, entries)| (of, standing(entries.iter()))).collect())
}

/// Adds one.
pub(super) fn add(tx: &mut Write, month: Period, person: Id, covers: Covers, entry: &Entry) -> Result<()> {
    let amount = |of: fn(&Word) -> i128| entry.word.as_ref().and_then(|word| i64::try_from(of(word)).ok());
    let kind = match entry.kind {
        Kind::Submission => "submission",
        Kind::Adjustment => "adjustment",
        Kind::Withdrawal => "withdrawal",
    };
    let row = vec![
        month.to_string().into(),
        person.0.into(),
        covers.key().into(),
        entry.n.into(),
        kind.into(),
        sea_query::Value::BigInt(amount(|word| word.commit)),
        sea_query::Value::BigInt(amount(|word| word.best_case)),
        entry.note.as_str().into(),
        entry.at.0.into(),
        entry.by.0.into(),
        meta::text(&entry.figures)?.into(),
    ];
    let columns: Vec<&str> = COLUMNS.into_iter().chain(["figures"]).collect();
    tx.insert_rows("forecast_entry", &columns, vec![row])?;
    Ok(())
}
