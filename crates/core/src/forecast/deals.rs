//! The records behind a figure of a forecast.

use std::collections::BTreeSet;

use db::Read;
use db::records::Bin;
use model::Id;
use model::analysis::{By, Category};
use model::organisation::DepartmentOfDeals;
use serde::Deserialize;
use serde_json::Value as Json;

use super::chart::{Chart, Departments, Eyes};
use super::figures::{About, Among, ordered_in, orders};
use super::plan::Of;
use super::{period, span};
use crate::analysis::behind::{self, Asked};
use crate::analysis::{ConversionRequest, Memory, Worth};
use crate::{Ctx, Error, Result};

/// Orders that the database names at once.
const PAGE: usize = 10_000;

/// Which deals stand behind a figure.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    Commit,
    BestCase,
    Pipeline,
    Omitted,
    /// In progress and not left out.
    #[default]
    Open,
    Closed,
    /// Orders instead.
    Ordered,
}

impl What {
    fn holds(self, category: Category) -> bool {
        match self {
            What::Commit => category == Category::Commit,
            What::BestCase => category == Category::BestCase,
            What::Pipeline => category == Category::Pipeline,
            What::Omitted => category == Category::Omitted,
            What::Open => matches!(category, Category::Commit | Category::BestCase | Category::Pipeline),
            What::Closed => category == Category::Closed,
            What::Ordered => false,
        }
    }
}

/// The query of `GET /analysis/forecast/deals`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DealsRequest {
    pub period: Option<String>,
    pub person: Option<String>,
    pub department: Option<String>,
    /// With everybody below the person; so it is when absent.
    pub line: Option<bool>,
    /// Of a department: those of the department itself alone, without the ones below it.
    #[serde(default)]
    pub here: bool,
    /// Of a department: this owner's alone.
    pub owner: Option<String>,
    /// Of a department: those of owners alone whose primary department is not the department itself.
    #[serde(default)]
    pub elsewhere: bool,
    /// Those without an owner, for whoever sees everything.
    #[serde(default)]
    pub nobody: bool,
    pub of: Option<What>,
    pub worth: Option<Worth>,
    pub process: Option<String>,
    pub view: Option<String>,
    pub filter: Option<String>,
    pub q: Option<String>,
    pub entered: Option<String>,
    /// At most 200; 50 when absent.
    pub limit: Option<usize>,
    /// Where the last page ended.
    pub cursor: Option<String>,
}

/// `GET /analysis/forecast/deals`.
pub fn deals(cx: &Ctx, tx: &mut Read, memory: &Memory, request: &DealsRequest) -> Result<Json> {
    let page = Asked::new(request.limit, request.cursor.as_deref())?;
    let span = span(cx, period(cx, request.period.as_deref())?);
    let eyes = Eyes::of(cx, tx)?;
    let of = Of::asked(cx, tx, &eyes, request.person.as_deref(), request.department.as_deref())?;
    let by_deal = cx.meta.organisation.department_of_deals == DepartmentOfDeals::Deal;
    let ids: BTreeSet<Id> = match of {
        Of::Person(id) if request.line == Some(false) => BTreeSet::from([id]),
        Of::Person(id) => Chart::below(tx, &eyes, id)?.line(id).into_iter().collect(),
        Of::Department(id) => {
            let tree = if request.here { vec![id] } else { Departments::load(tx)?.tree(id) };
            if by_deal { tree.into_iter().collect() } else { Chart::within(tx, &tree)?.people.into_keys().collect() }
        }
        Of::Organisation => BTreeSet::new(),
    };
    let among = match of {
        Of::Organisation => Among::Everybody,
        Of::Department(_) if by_deal => Among::Departments(&ids),
        Of::Department(_) | Of::Person(_) => Among::Owners(&ids),
    };
    // Those whose deals are left out.
    let without: BTreeSet<Id> = match of {
        Of::Organisation if request.nobody => Chart::whole(tx)?.people.into_keys().collect(),
        Of::Department(id) if request.elsewhere => Chart::within(tx, &[id])?.people.into_keys().collect(),
        _ => BTreeSet::new(),
    };
    let only: Option<Id> = match (of, request.owner.as_deref()) {
        (Of::Department(_), Some(owner)) => Some(owner.parse().map_err(|_| Error::NotFound)?),
        _ => None,
    };
    let whose = |owner: Option<Id>| match only {
        Some(only) => owner == Some(only),
        None => owner.is_none_or(|owner| !without.contains(&owner)),
    };
    let what = request.of.unwrap_or_default();
    if what == What::Ordered {
        return ordered(cx, tx, &span, among, whose, page);
    }
    let asked = ConversionRequest {
        process: request.process.clone(),
        view: request.view.clone(),
        filter: request.filter.clone(),
        q: request.q.clone(),
        entered: request.entered.clone(),
        format: None,
    };
    let about = About::new(cx, tx, &asked, among)?;
    let worth = request.worth.unwrap_or_default();
    let found = memory.ask_all(cx, tx, |all| {
        let of_process = all.iter().filter(|(id, _)| about.process.is_none_or(|process| process == **id));
        let found = of_process.flat_map(|(_, columns)| {
            columns.in_forecast(&about.types, &about.filter, &span, |category| what.holds(category), By::Owner, whose)
        });
        found.map(|deal| worth.of(deal)).collect::<Vec<_>>()
    })?;
    behind::page(cx, tx, &about.object, found, worth.is_told(cx, &about.object), page)
}

fn ordered(
    cx: &Ctx,
    tx: &mut Read,
    span: &model::analysis::Span,
    among: Among<'_>,
    whose: impl Fn(Option<Id>) -> bool,
    page: Asked,
) -> Result<Json> {
    let object = orders(cx, among)?;
    let condition = ordered_in(span, among);
    let fields: Vec<_> = ["owner", "total", "lifecycle_status"].iter().filter_map(|key| object.field(key)).collect();
    let ids = db::records::all_ids(tx, &cx.meta.schema, &object, &cx.scope(), Some(&condition), None, Bin::Out)?;
    let mut found = Vec::new();
    for ids in ids.chunks(PAGE) {
        for record in db::records::load_fields(tx, &object, &fields, ids)? {
            if whose(record.owner()) && model::objects::lifecycle::counts(record.text("lifecycle_status")) {
                found.push((record.mains.get("total").map_or(0, |amount| amount.0), record.id));
            }
        }
    }
    behind::page(cx, tx, &object, found, true, page)
}
