//! The records behind a figure: as many as it counts, worth what it says.
//!
//! Every analysis tells with its figures where the records behind them are ([`Address`]), and every such address answers in one shape
//! ([`page`]).

use std::cmp::Reverse;

use db::Read;
use model::{Amount, Id, Object};
use serde_json::{Value as Json, json};

use crate::records::{Refs, show};
use crate::{Ctx, Error, Result, reckoning};

/// Records of one page at most.
const MOST: usize = 200;

/// Where the records behind figures are fetched, relative to the root of the API.
#[derive(Clone, Debug)]
pub(crate) struct Address {
    path: &'static str,
    query: Vec<(&'static str, String)>,
}

impl Address {
    /// Of this path.
    pub fn new(path: &'static str) -> Address {
        Address { path, query: Vec::new() }
    }

    /// With a parameter besides, where there is something to say.
    #[must_use]
    pub fn with(mut self, key: &'static str, value: Option<&str>) -> Address {
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            self.query.push((key, value.to_owned()));
        }
        self
    }

    /// As text, with parameters for one figure: `/analysis/…?…`.
    pub fn to(&self, of_figure: &[(&str, &str)]) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(self.query.iter().map(|(key, value)| (*key, value.as_str()))).extend_pairs(of_figure);
        format!("{}?{}", self.path, query.finish())
    }
}

/// Which page of the records behind a figure is asked for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Asked {
    limit: usize,
    from: usize,
}

impl Asked {
    /// `limit` is at most 200, and 50 when absent; `cursor` is what the last page gave.
    pub fn new(limit: Option<usize>, cursor: Option<&str>) -> Result<Asked> {
        let limit = limit.unwrap_or(50);
        if limit == 0 || limit > MOST {
            return Err(Error::Malformed(format!("limit: a whole number from 1 to {MOST}")));
        }
        let from = match cursor {
            None => 0,
            Some(cursor) => cursor.parse().map_err(|_| Error::Malformed("cursor: the one that the last page gave".into()))?,
        };
        Ok(Asked { limit, from })
    }
}

impl Asked {
    /// The ids of the page, and where the next one begins.
    pub fn cut(self, found: &[(i64, Id)]) -> (Vec<Id>, Option<String>) {
        let ids: Vec<Id> = found.iter().skip(self.from).take(self.limit).map(|(_, id)| *id).collect();
        let next = (self.from + ids.len() < found.len()).then(|| (self.from + ids.len()).to_string());
        (ids, next)
    }
}

/// A page of the records behind a figure, those first that are worth most, with how many there are and what they come to in the main
/// currency. `found` are all of them, each with its worth in ten-thousandths. `told`: the caller may know what they are worth.
pub(crate) fn page(cx: &Ctx, tx: &mut Read, object: &Object, mut found: Vec<(i64, Id)>, told: bool, asked: Asked) -> Result<Json> {
    // Whoever may not know what they are worth is not told by their order.
    found.sort_unstable_by_key(|(worth, id)| (Reverse(if told { *worth } else { 0 }), *id));
    let amount: i128 = found.iter().map(|(worth, _)| i128::from(*worth)).sum();
    let ids: Vec<Id> = found.iter().skip(asked.from).take(asked.limit).map(|(_, id)| *id).collect();
    let next = (asked.from + ids.len() < found.len()).then(|| (asked.from + ids.len()).to_string());
    answer(cx, tx, object, &ids, (found.len() as u64, told.then_some(amount)), next)
}

/// These records as lists show them, with the count and the sum of all that stand behind the figure.
pub(crate) fn answer(
    cx: &Ctx,
    tx: &mut Read,
    object: &Object,
    ids: &[Id],
    (count, amount): (u64, Option<i128>),
    next: Option<String>,
) -> Result<Json> {
    let mut records = db::records::load(tx, &cx.meta.schema, object, &cx.scope(), ids)?;
    records.sort_by_key(|record| ids.iter().position(|id| *id == record.id));
    reckoning::on_read(cx, tx, object, &mut records, None)?;
    let mut refs = Refs::default();
    records.iter().for_each(|record| refs.note_record(cx, object, record));
    let items: Vec<Json> = records.iter().map(|record| show(cx, object, record, None)).collect();
    Ok(json!({
        "object": object.key,
        "items": items,
        "count": count,
        "amount": amount.map(|amount| coin(cx, amount)),
        "main_currency": cx.meta.rates.main().code(),
        "next": next,
        "refs": refs.names(cx, tx)?,
    }))
}

/// An amount of ten-thousandths in the main currency, rounded to its coin.
pub(crate) fn coin(cx: &Ctx, amount: i128) -> String {
    let main = cx.meta.rates.main();
    match i64::try_from(amount) {
        Ok(amount) => Amount(amount).rounded(main).show(main),
        Err(_) => Amount::show_sum(amount, main),
    }
}
