//! `GET /analysis/projection`, the deals behind it, and its test on past periods.

use std::collections::HashMap;
use std::ops::Range;

use db::Read;
use model::analysis::projection::{Chance, Errors, History, Projected, Range as Spread, Summary, Why, summary};
use model::period::{Length, Period};
use model::{Id, Instant, Number};
use serde::Deserialize;
use serde_json::{Value as Json, json};

use super::about::{About, Wanted};
use super::courses::{Courses, Fell};
use super::tested::{FEWEST, fell, instants};
use crate::analysis::Worth;
use crate::analysis::behind::{Address, Asked, coin};
use crate::analysis::past::{Beside, in_order, page};
use crate::{Ctx, Error, Result, veil};

/// The query of `GET /analysis/projection`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProjectionRequest {
    /// `2026-11`, `2026-Q4`, `2026`; this quarter when absent.
    pub period: Option<String>,
    pub process: Option<String>,
    pub view: Option<String>,
    pub filter: Option<String>,
    pub q: Option<String>,
    /// `csv` or `xlsx`: as a file.
    pub format: Option<String>,
}

/// The query of `GET /analysis/projection/deals`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProjectionDealsRequest {
    pub period: Option<String>,
    pub process: Option<String>,
    pub view: Option<String>,
    pub filter: Option<String>,
    pub q: Option<String>,
    /// `open` (when absent) or `closed`.
    pub of: Option<Of>,
    /// What open ones are added up by: what they are worth, or what they bring by their chances.
    pub worth: Option<Worth>,
    /// At most 200; 50 when absent.
    pub limit: Option<usize>,
    /// Where the last page ended.
    pub cursor: Option<String>,
}

/// Deals behind a projection.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Of {
    #[default]
    Open,
    /// Won in the period already.
    Closed,
}

/// The query of `GET /analysis/projection/back-test`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BackTestRequest {
    /// `month`, `quarter` (when absent) or `year`.
    pub length: Option<Length>,
    /// Past periods that are told, 8 when absent.
    pub periods: Option<usize>,
    pub process: Option<String>,
    pub view: Option<String>,
    pub filter: Option<String>,
    pub q: Option<String>,
    /// `csv` or `xlsx`: as a file.
    pub format: Option<String>,
}

fn wanted<'a>(process: &'a Option<String>, view: &'a Option<String>, filter: &'a Option<String>, q: &'a Option<String>) -> Wanted<'a> {
    Wanted { process: process.as_deref(), view: view.as_deref(), filter: filter.as_deref(), q: q.as_deref() }
}

fn as_text(wanted: &Wanted<'_>) -> String {
    format!("{:?} {:?} {:?} {:?}", wanted.process, wanted.view, wanted.filter, wanted.q)
}

fn period(cx: &Ctx, text: Option<&str>) -> Result<(Period, Range<Instant>)> {
    let calendar = &cx.meta.calendar;
    let period = match text.map(str::trim).filter(|text| !text.is_empty()) {
        None => Period::of(Length::Quarter, cx.today(), calendar),
        Some(text) => text.parse().map_err(|_| Error::Malformed("period: as 2026-11, 2026-Q4 or 2026".into()))?,
    };
    let days = period.days(calendar);
    Ok((period, instants(cx, days.first, days.last)))
}

fn projected(cx: &Ctx, about: &About, span: &Range<Instant>) -> (History, Projected) {
    let (learnt, asked) = (about.learnt(), about.asked());
    let history = History::of(&learnt, cx.at);
    let projected = history.project(&asked, &about.worth_now(&asked), span);
    (history, projected)
}

/// `GET /analysis/projection`.
pub fn projection(cx: &Ctx, tx: &mut Read, courses: &Courses, request: &ProjectionRequest) -> Result<Json> {
    let (period, span) = period(cx, request.period.as_deref())?;
    let wanted = wanted(&request.process, &request.view, &request.filter, &request.q);
    let about = About::of(cx, tx, courses, wanted)?;
    let fell = fell(cx, tx, courses, &about, period.length(), &as_text(&wanted))?;
    let (history, found) = projected(cx, &about, &span);
    let told = !veil::hides(cx, &about.object.key, "amount");
    let money = |amount: f64| told.then(|| coin(cx, amount.round() as i128));
    let (expected, closed) = (found.expected + found.coming, found.closed_amount as f64);
    let spread = Spread::of(closed, expected, found.variance, &fell.1);
    let summary = summary(&fell.0);
    let why = why(&history, &summary);
    let address = Address::new("/analysis/projection/deals")
        .with("period", Some(&period.to_string()))
        .with("process", wanted.process)
        .with("view", wanted.view)
        .with("filter", wanted.filter)
        .with("q", wanted.q);
    let behind = |of: &str| address.to(&[("of", of)]);
    let days = period.days(&cx.meta.calendar);
    let weighted: i128 = found.open.iter().map(|deal| i128::from(brings(deal))).sum();
    let worth: i128 = found.open.iter().filter_map(|deal| about.held.deal(deal.id)?.amount).map(i128::from).sum();
    Ok(json!({
        "period": period.to_string(),
        "from": days.first.to_string(),
        "to": days.last.to_string(),
        "at": cx.at,
        "closed": {"count": found.closed, "amount": told.then(|| coin(cx, found.closed_amount)), "behind": {"count": behind("closed"), "amount": behind("closed")}},
        "open": {
            "count": found.open.len(),
            "amount": told.then(|| coin(cx, worth)),
            "weighted": told.then(|| coin(cx, weighted)),
            "behind": {"count": behind("open"), "amount": behind("open"), "weighted": address.to(&[("of", "open"), ("worth", "weighted")])},
        },
        "expected": money(spread.expected),
        "coming": money(found.coming * level(&fell.1)),
        "p10": money(spread.p10),
        "p50": money(spread.p50),
        "p90": money(spread.p90),
        "reliable": why.is_none(),
        "why": why,
        "trained": {"won": history.won, "lost": history.lost, "since": history.since.map(|at| at.date_in(&cx.meta.calendar.zone).to_string())},
        "coverage": coverage(&summary),
        "factors": {"stages": stages(cx, &about, &history)},
        "main_currency": cx.meta.rates.main().code(),
    }))
}

fn level(errors: &Errors) -> f64 {
    errors.level()
}

fn coverage(summary: &Summary) -> Json {
    json!({"quarters": summary.periods, "within": summary.within, "percent": summary.coverage().map(percent)})
}

/// Why a projection is not to be relied upon, if so.
fn why(history: &History, summary: &Summary) -> Option<&'static str> {
    if history.won + history.lost < FEWEST {
        return Some("too_few_closed");
    }
    summary.reliability().err().map(|why| match why {
        Why::TooFewClosed => "too_few_closed",
        Why::TooFewPeriods => "too_few_quarters",
        Why::CoverageLow => "coverage_low",
        Why::CoverageHigh => "coverage_high",
    })
}

/// How deals have gone on from each stage, in the order of the processes.
fn stages(cx: &Ctx, about: &About, history: &History) -> Vec<Json> {
    let options = about.object.options("stage");
    let mut rows: Vec<(usize, usize, Json)> = Vec::new();
    for (number, (process, stage)) in about.held.stages() {
        let Some((curve, deals)) = history.stage(number).filter(|_| about.process.is_none_or(|asked| asked == *process)) else { continue };
        let of = cx.meta.processes.iter().position(|known| known.id == *process).unwrap_or(usize::MAX);
        let rules = cx.meta.processes.get(of).map_or(&[][..], |process| &process.stages);
        let at = rules.iter().position(|rules| rules.stage == *stage).unwrap_or(usize::MAX);
        let option = options.iter().find(|option| option.key == *stage);
        let row = json!({
            "stage": stage,
            "label": option.map(|option| &option.label),
            "process": cx.meta.processes.get(of).map(|process| &process.name),
            "chance": percent(curve.ever()),
            "median_days": curve.half().map(|half| (half + 43_200_000_000) / 86_400_000_000),
            "deals": deals,
        });
        rows.push((of, at, row));
    }
    rows.sort_by_key(|(of, at, row)| (*of, *at, row["stage"].to_string()));
    rows.into_iter().map(|(.., row)| row).collect()
}

/// A share in percent, with two digits.
fn percent(share: f64) -> String {
    Number((share * 10_000.0).round() as i64 * 10_000).to_string()
}

/// `GET /analysis/projection/deals`: the deals behind it, each with its chance.
pub fn projection_deals(cx: &Ctx, tx: &mut Read, courses: &Courses, request: &ProjectionDealsRequest) -> Result<Json> {
    let asked = Asked::new(request.limit, request.cursor.as_deref())?;
    let (_, span) = period(cx, request.period.as_deref())?;
    let about = About::of(cx, tx, courses, wanted(&request.process, &request.view, &request.filter, &request.q))?;
    let told = !veil::hides(cx, &about.object.key, "amount");
    if request.of.unwrap_or_default() == Of::Closed {
        let won = |course: &&&model::analysis::projection::Course| course.won_by(cx.at).is_some_and(|at| span.contains(&at));
        let found = about.asked().iter().filter(won).map(|course| (course.worth.unwrap_or(0), course.id)).collect();
        return page(cx, tx, &about.object, found, told, asked, Beside { name: None, of: &HashMap::new() });
    }
    let (_, found) = projected(cx, &about, &span);
    let beside: HashMap<Id, Json> = found.open.iter().map(|deal| (deal.id, shown(cx, deal, told))).collect();
    // Those first that bring most; what they are worth is what the figure counts.
    let mut order: Vec<&Chance> = found.open.iter().collect();
    let place = |deal: &Chance| if told { brings(deal) } else { (deal.in_period * 1e9) as i64 };
    order.sort_by_key(|deal| (std::cmp::Reverse(place(deal)), deal.id));
    let worth = |deal: &Chance| match request.worth.unwrap_or_default() {
        Worth::Amount => about.held.deal(deal.id).and_then(|deal| deal.amount).unwrap_or(0),
        Worth::Weighted => brings(deal),
    };
    let found: Vec<(i64, Id)> = order.into_iter().map(|deal| (worth(deal), deal.id)).collect();
    in_order(cx, tx, &about.object, &found, told, asked, Beside { name: None, of: &beside })
}

/// What a deal brings in the period by its chance, in ten-thousandths.
fn brings(deal: &Chance) -> i64 {
    (deal.in_period * deal.amount).round() as i64
}

fn shown(cx: &Ctx, deal: &Chance, told: bool) -> Json {
    json!({
        "chance": percent(deal.chance),
        "in_period": percent(deal.in_period),
        "expected_close": deal.expected_close.map(|at| at.date_in(&cx.meta.calendar.zone).to_string()),
        "expected_amount": told.then(|| coin(cx, i128::from(brings(deal)))),
    })
}

/// `GET /analysis/projection/back-test`: past periods, each projected with what was known when it began.
pub fn projection_back_test(cx: &Ctx, tx: &mut Read, courses: &Courses, request: &BackTestRequest) -> Result<Json> {
    let length = request.length.unwrap_or(Length::Quarter);
    let wanted = wanted(&request.process, &request.view, &request.filter, &request.q);
    let about = About::of(cx, tx, courses, wanted)?;
    let told = !veil::hides(cx, &about.object.key, "amount");
    let fell: Fell = fell(cx, tx, courses, &about, length, &as_text(&wanted))?;
    let zone = &cx.meta.calendar.zone;
    let money = |amount: f64| told.then(|| coin(cx, amount.round() as i128));
    let share = |share: Option<f64>| told.then(|| share.map(percent)).flatten();
    let mut rows: Vec<Json> = Vec::new();
    for one in &fell.0 {
        let first = one.period.start.date_in(zone);
        let period = Period::of(length, first, &cx.meta.calendar);
        // Stretches that begin elsewhere are tested and not told one by one.
        if period.days(&cx.meta.calendar).first != first {
            continue;
        }
        let naive = |expected: Option<f64>| json!({"expected": expected.and_then(money), "error": share(expected.and_then(|expected| one.error(expected)))});
        rows.push(json!({
            "period": period.to_string(),
            "from": first.to_string(),
            "to": period.days(&cx.meta.calendar).last.to_string(),
            "cut": Instant(one.period.start.0 - 1).date_in(zone).to_string(),
            "actual": money(one.actual),
            "expected": money(one.range.expected),
            "p10": money(one.range.p10),
            "p50": money(one.range.p50),
            "p90": money(one.range.p90),
            "within": one.within(),
            "error": share(one.error(one.range.expected)),
            "naive": {
                "stage_rates": naive(Some(one.naive.stage_rates)),
                "last_year": naive(one.naive.last_year),
                "period_before": naive(one.naive.period_before),
            },
        }));
    }
    let skip = rows.len().saturating_sub(request.periods.unwrap_or(8));
    let summary = summary(&fell.0);
    let history = History::of(&about.learnt(), cx.at);
    let why = why(&history, &summary);
    Ok(json!({
        "length": length,
        "rows": rows.split_off(skip),
        "summary": {
            "periods": summary.periods,
            "within": summary.within,
            "coverage": summary.coverage().map(percent),
            "mean_absolute_error": {
                "projection": share(summary.projection),
                "stage_rates": share(summary.stage_rates),
                "last_year": share(summary.last_year),
                "period_before": share(summary.period_before),
            },
            "reliable": why.is_none(),
            "why": why,
        },
        "main_currency": cx.meta.rates.main().code(),
    }))
}
