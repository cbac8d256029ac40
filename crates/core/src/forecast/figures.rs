//! What deals and orders come to in periods, by whose they are.

use std::collections::{BTreeSet, HashMap};

use db::Read;
use db::records::Grouping;
use jiff::ToSpan;
use model::analysis::{By, Category, Filter, Forecast, Span, Standings};
use model::condition::{Check, Resolved, Test};
use model::field::{Kind, StageType};
use model::objects::{opportunity, sales_order};
use model::period::Period;
use model::{Id, Object, Value};

use super::span;
use crate::analysis::{ConversionRequest, Memory, filter_of, stage_types};
use crate::{Ctx, Error, Result, veil};

/// What a forecast is drawn from: without these there is none.
const FROM: [&str; 5] = ["stage", "owner", "expected_close_date", "forecast_category", "closed_at"];
/// What orders are counted by.
const OF_ORDERS: [&str; 4] = [sales_order::STATUS, "order_date", "owner", "total"];

/// Which deals are asked for.
pub(super) struct About {
    pub object: Object,
    pub types: HashMap<String, StageType>,
    pub process: Option<Id>,
    pub filter: Filter,
}

impl About {
    /// The deals of a request; of these owners alone where they are given.
    pub fn new(cx: &Ctx, tx: &mut Read, asked: &ConversionRequest, owners: Option<&BTreeSet<Id>>) -> Result<About> {
        let object = cx.object(opportunity::KEY)?.clone();
        let hidden = |field: &str| veil::hides(cx, &object.key, field);
        if FROM.iter().any(|field| hidden(field)) || (asked.process.is_some() && hidden("sales_process")) {
            return Err(Error::NotFound);
        }
        let process =
            asked.process.as_deref().map(|id| cx.meta.process(id).map(|process| process.id).ok_or(Error::NotFound)).transpose()?;
        let mut filter = filter_of(cx, tx, &object, &ConversionRequest { process: None, ..asked.clone() })?;
        if let Some(owners) = owners {
            filter.owners = Some(match filter.owners.take() {
                Some(known) => known.into_iter().filter(|id| owners.contains(id)).collect(),
                None => owners.iter().copied().collect(),
            });
        }
        Ok(About { types: stage_types(&object), object, process, filter })
    }

    /// What they come to, by owner, in each of these periods.
    pub fn by_owner(&self, cx: &Ctx, tx: &mut Read, memory: &Memory, spans: &[Span]) -> Result<Forecast> {
        memory.ask_all(cx, tx, |all| {
            let mut whole = Forecast::new();
            for (_, columns) in all.iter().filter(|(id, _)| self.process.is_none_or(|process| process == **id)) {
                for (owner, cells) in columns.forecast(&self.types, cx.at, &self.filter, spans, By::Owner) {
                    let stands = whole.entry(owner).or_insert_with(|| vec![Standings::default(); spans.len()]);
                    stands.iter_mut().zip(cells).for_each(|(stands, more)| *stands += more);
                }
            }
            whole
        })
    }
}

/// The orders that count, for those alone who may know of them.
pub(super) fn orders(cx: &Ctx) -> Result<Object> {
    let unknown = || Error::invalid("field.unknown", "metric");
    let object = cx.object(sales_order::KEY).map_err(|_| unknown())?;
    if OF_ORDERS.iter().any(|field| veil::hides(cx, &object.key, field)) { Err(unknown()) } else { Ok(object.clone()) }
}

/// Confirmed orders of a period, of these owners.
pub(super) fn ordered_in(span: &Span, owners: Option<&BTreeSet<Id>>) -> Resolved {
    let test = |field: &str, kind: Kind, check: Check| {
        Resolved::Test(Test { hops: Vec::new(), field: field.to_owned(), kind, folded: false, check })
    };
    let last = span.days.end.saturating_sub(1.day());
    let confirmed = Check::Equal(Value::Text(sales_order::status::CONFIRMED.to_owned()));
    let mut parts = vec![
        test(sales_order::STATUS, Kind::Key, confirmed),
        test("order_date", Kind::Date, Check::Between(Value::Date(span.days.start), Value::Date(last))),
    ];
    parts.extend(owners.map(|owners| test("owner", Kind::Ref, Check::In(owners.iter().map(|id| Value::Ref(*id)).collect()))));
    Resolved::All(parts)
}

/// What confirmed orders come to, by owner, in each of these periods.
pub(super) fn ordered(cx: &Ctx, tx: &mut Read, spans: &[Span], owners: Option<&BTreeSet<Id>>) -> Result<HashMap<Option<Id>, Vec<i128>>> {
    let object = orders(cx)?;
    let mut found: HashMap<Option<Id>, Vec<i128>> = HashMap::new();
    for (at, span) in spans.iter().enumerate() {
        let condition = ordered_in(span, owners);
        let grouping = Grouping { field: "owner", amounts: &["total"], numbers: &[], limit: u32::MAX };
        for group in db::records::groups(tx, &cx.meta.schema, &object, &cx.scope(), Some(&condition), None, &grouping)? {
            found.entry(group.value.as_id()).or_insert_with(|| vec![0; spans.len()])[at] += group.mains[0];
        }
    }
    Ok(found)
}

/// What each has won in each of these months, in ten-thousandths of the main currency.
pub(crate) fn won_by_owner(cx: &Ctx, tx: &mut Read, memory: &Memory, months: &[Period]) -> Result<HashMap<Id, Vec<i128>>> {
    let spans: Vec<Span> = months.iter().map(|month| span(cx, *month)).collect();
    let found = About::new(cx, tx, &ConversionRequest::default(), None)?.by_owner(cx, tx, memory, &spans)?;
    let won = |cells: Vec<Standings>| cells.iter().map(|cell| cell.of(Category::Closed).amount).collect();
    Ok(found.into_iter().filter_map(|(owner, cells)| Some((owner?, won(cells)))).collect())
}
