//! What deals and orders come to in periods, by whose they are.

use std::collections::{BTreeSet, HashMap, HashSet};

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

/// Whose deals and orders are asked for.
#[derive(Clone, Copy)]
pub(super) enum Among<'a> {
    Everybody,
    Owners(&'a BTreeSet<Id>),
    /// Those in which one of these departments stands, whoever owns them.
    Departments(&'a BTreeSet<Id>),
}

/// Which deals are asked for.
pub(super) struct About {
    pub object: Object,
    pub types: HashMap<String, StageType>,
    pub process: Option<Id>,
    pub filter: Filter,
}

impl About {
    /// The deals of a request, as far as they are among these.
    pub fn new(cx: &Ctx, tx: &mut Read, asked: &ConversionRequest, among: Among<'_>) -> Result<About> {
        let object = cx.object(opportunity::KEY)?.clone();
        let hidden = |field: &str| veil::hides(cx, &object.key, field);
        if FROM.iter().any(|field| hidden(field))
            || (asked.process.is_some() && hidden("sales_process"))
            || (matches!(among, Among::Departments(_)) && hidden("owner_department"))
        {
            return Err(Error::NotFound);
        }
        let process =
            asked.process.as_deref().map(|id| cx.meta.process(id).map(|process| process.id).ok_or(Error::NotFound)).transpose()?;
        let mut filter = filter_of(cx, tx, &object, &ConversionRequest { process: None, ..asked.clone() })?;
        match among {
            Among::Everybody => {}
            Among::Owners(owners) => narrow(&mut filter.owners, owners),
            Among::Departments(departments) => narrow(&mut filter.departments, departments),
        }
        Ok(About { types: stage_types(&object), object, process, filter })
    }

    /// What they come to, by owner or by the department that stands in them, in each of these periods.
    pub fn by(&self, cx: &Ctx, tx: &mut Read, memory: &Memory, spans: &[Span], by: By) -> Result<Forecast> {
        memory.ask_all(cx, tx, |all| {
            let mut whole = Forecast::new();
            for (_, columns) in all.iter().filter(|(id, _)| self.process.is_none_or(|process| process == **id)) {
                for (whose, cells) in columns.forecast(&self.types, cx.at, &self.filter, spans, by) {
                    let stands = whole.entry(whose).or_insert_with(|| vec![Standings::default(); spans.len()]);
                    stands.iter_mut().zip(cells).for_each(|(stands, more)| *stands += more);
                }
            }
            whole
        })
    }
}

fn narrow(known: &mut Option<HashSet<Id>>, wanted: &BTreeSet<Id>) {
    *known = Some(match known.take() {
        Some(known) => known.into_iter().filter(|id| wanted.contains(id)).collect(),
        None => wanted.iter().copied().collect(),
    });
}

/// The orders that count, for those alone who may know of them.
pub(super) fn orders(cx: &Ctx, among: Among<'_>) -> Result<Object> {
    let unknown = || Error::invalid("field.unknown", "metric");
    let object = cx.object(sales_order::KEY).map_err(|_| unknown())?;
    let hidden = |field: &str| veil::hides(cx, &object.key, field);
    let departments = matches!(among, Among::Departments(_)) && hidden("owner_department");
    if departments || OF_ORDERS.into_iter().any(hidden) { Err(unknown()) } else { Ok(object.clone()) }
}

/// Confirmed orders of a period, as far as they are among these.
pub(super) fn ordered_in(span: &Span, among: Among<'_>) -> Resolved {
    let test = |field: &str, kind: Kind, check: Check| {
        Resolved::Test(Test { hops: Vec::new(), field: field.to_owned(), kind, folded: false, check })
    };
    let last = span.days.end.saturating_sub(1.day());
    let confirmed = Check::Equal(Value::Text(sales_order::status::CONFIRMED.to_owned()));
    let mut parts = vec![
        test(sales_order::STATUS, Kind::Key, confirmed),
        test("order_date", Kind::Date, Check::Between(Value::Date(span.days.start), Value::Date(last))),
    ];
    let one_of = |field: &str, ids: &BTreeSet<Id>| test(field, Kind::Ref, Check::In(ids.iter().map(|id| Value::Ref(*id)).collect()));
    match among {
        Among::Everybody => {}
        Among::Owners(owners) => parts.push(one_of("owner", owners)),
        Among::Departments(departments) => parts.push(one_of("owner_department", departments)),
    }
    Resolved::All(parts)
}

/// What confirmed orders come to in each of some periods, by whose they are.
pub(super) type Orders = HashMap<Option<Id>, Vec<i128>>;

/// The same as [`About::by`] of confirmed orders.
pub(super) fn ordered(cx: &Ctx, tx: &mut Read, spans: &[Span], among: Among<'_>, by: By) -> Result<Orders> {
    let object = orders(cx, among)?;
    let mut found = Orders::new();
    for (at, span) in spans.iter().enumerate() {
        let condition = ordered_in(span, among);
        let grouping = Grouping { field: by.field(), amounts: &["total"], numbers: &[], limit: u32::MAX };
        for group in db::records::groups(tx, &cx.meta.schema, &object, &cx.scope(), Some(&condition), None, &grouping)? {
            found.entry(group.value.as_id()).or_insert_with(|| vec![0; spans.len()])[at] += group.mains[0];
        }
    }
    Ok(found)
}

/// What each has won in each of these months, in ten-thousandths of the main currency.
pub(crate) fn won_by_owner(cx: &Ctx, tx: &mut Read, memory: &Memory, months: &[Period]) -> Result<HashMap<Id, Vec<i128>>> {
    let spans: Vec<Span> = months.iter().map(|month| span(cx, *month)).collect();
    let found = About::new(cx, tx, &ConversionRequest::default(), Among::Everybody)?.by(cx, tx, memory, &spans, By::Owner)?;
    let won = |cells: Vec<Standings>| cells.iter().map(|cell| cell.of(Category::Closed).amount).collect();
    Ok(found.into_iter().filter_map(|(owner, cells)| Some((owner?, won(cells)))).collect())
}
