//! Targets as they are kept: for each fiscal year, metric and subject one document of values by period.

use std::collections::BTreeMap;

use db::{Read, Write};
use model::Id;
use model::period::{Length, Period};
use sea_query::{Expr, ExprTrait, OnConflict, Query};

use super::Metric;
use crate::{Ctx, Error, Result, meta};

/// Subjects that are asked for one by one; of more, all of the year are read.
const FEW: usize = 500;

/// For whom a target is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    Department,
    Person,
}

impl Kind {
    pub fn key(self) -> &'static str {
        match self {
            Kind::Department => "department",
            Kind::Person => "person",
        }
    }
}

/// The values of one subject in one fiscal year: ten-thousandths of the main currency, or counts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Kept {
    pub version: i64,
    pub values: BTreeMap<String, i64>,
}

impl Kept {
    /// What holds for a period: what was set for it, else what its parts come to where any of them has something; and whether it was set.
    pub fn effective(&self, cx: &Ctx, period: Period) -> Option<(i64, bool)> {
        if let Some(value) = self.values.get(&period.to_string()) {
            return Some((*value, true));
        }
        let parts = period.parts(&cx.meta.calendar);
        let found: Vec<i64> = parts.into_iter().filter_map(|part| self.effective(cx, part)).map(|(value, _)| value).collect();
        (!found.is_empty()).then(|| (found.iter().fold(0_i64, |sum, value| sum.saturating_add(*value)), false))
    }
}

/// Of one fiscal year and metric, by subject.
pub(super) type Targets = BTreeMap<(Kind, Id), Kept>;

/// Those of these subjects, or all.
pub(super) fn load(tx: &mut Read, year: i64, metric: Metric, subjects: Option<&[Id]>) -> Result<Targets> {
    let mut select = Query::select();
    select
        .columns(["kind", "subject", "version", "doc"])
        .from("target")
        .and_where(Expr::col("year").eq(year))
        .and_where(Expr::col("metric").eq(metric.key()));
    if let Some(subjects) = subjects.filter(|subjects| subjects.len() <= FEW) {
        select.and_where(Expr::col("subject").is_in(subjects.iter().map(|id| id.0)));
    }
    let mut found = Targets::new();
    for row in tx.all_once(&select)? {
        let kind = if row.get::<String>("kind")? == Kind::Department.key() { Kind::Department } else { Kind::Person };
        let text: String = row.get("doc")?;
        let values = serde_json::from_str(&text).map_err(|e| Error::Internal(format!("a stored target cannot be read: {e}")))?;
        found.insert((kind, row.get("subject")?), Kept { version: row.get("version")?, values });
    }
    Ok(found)
}

/// Keeps the values of a subject.
pub(super) fn put(tx: &mut Write, year: i64, metric: Metric, (kind, subject): (Kind, Id), kept: &Kept) -> Result<()> {
    let insert = Query::insert()
        .into_table("target")
        .columns(["year", "metric", "kind", "subject", "version", "doc"])
        .values_panic([
            year.into(),
            metric.key().into(),
            kind.key().into(),
            subject.0.into(),
            kept.version.into(),
            meta::text(&kept.values)?.into(),
        ])
        .on_conflict(OnConflict::columns(["year", "metric", "kind", "subject"]).update_columns(["version", "doc"]).to_owned())
        .to_owned();
    tx.execute(insert)?;
    Ok(())
}

/// The fiscal year in which a period lies.
pub(super) fn year_of(cx: &Ctx, period: Period) -> i64 {
    let year = Period::of(Length::Year, period.days(&cx.meta.calendar).first, &cx.meta.calendar);
    year.to_string().parse().unwrap_or_default()
}

/// True while anything is kept in the main currency.
pub(crate) fn are_there(tx: &mut Read) -> Result<bool> {
    for table in ["target", "forecast_entry"] {
        if tx.optional(Query::select().expr(Expr::cust("1")).from(table).limit(1))?.is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}
