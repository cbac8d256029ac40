//! What was won and what was lost, by what deals have in common.

use db::Read;
use model::field::StageType;
use model::number::div_half_up;
use model::objects::opportunity;
use model::{Amount, Label, Number};
use serde::Deserialize;
use serde_json::{Value as Json, json};

use super::{all, brought, chart, days, drawn, list, row, within};
use crate::analysis::export::{self, Column, Sheet, Told};
use crate::{Ctx, Error, Result, veil};

/// By what deals are told apart.
const BY: [&str; 7] = ["lost_reason", "competitor", "lead_source", "product", "owner", "owner_department", "opportunity_type"];

/// The query of `GET /analysis/win-loss`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WinLossRequest {
    /// `lost_reason` when absent.
    pub by: Option<String>,
    /// When they were closed: `2026-01-01..2026-03-31`, either end left out, or a period: `2026-Q1`.
    pub closed: Option<String>,
    /// Id of a process; deals of all processes when absent.
    pub process: Option<String>,
    pub view: Option<String>,
    /// A condition over the opportunity.
    pub filter: Option<String>,
    pub q: Option<String>,
    /// `csv` or `xlsx`.
    pub format: Option<String>,
}

/// `GET /analysis/win-loss`.
pub fn win_loss(cx: &Ctx, tx: &mut Read, request: &WinLossRequest) -> Result<Told> {
    let by = request.by.as_deref().unwrap_or("lost_reason");
    if !BY.contains(&by) {
        return Err(Error::Malformed(format!("by: one of {}", BY.join(", "))));
    }
    if veil::hides(cx, opportunity::KEY, "stage") {
        return Err(Error::NotFound);
    }
    let mut parts = vec![row("stage_type", "in", json!([StageType::Won.key(), StageType::Lost.key()]))];
    if let Some(closed) = &request.closed {
        parts.extend(within("closed_at", days(cx, "closed", closed)?));
    }
    if let Some(process) = &request.process {
        cx.meta.process(process).ok_or(Error::NotFound)?;
        parts.push(row("sales_process", "eq", process.as_str()));
    }
    parts.extend(brought(request.filter.as_deref())?);
    let told = !veil::hides(cx, opportunity::KEY, "amount");
    let chart = chart(opportunity::KEY, told.then_some("amount"), by, Some("stage_type"), all(parts));
    let figures = drawn(cx, tx, &chart, request.view.as_deref(), request.q.as_deref())?;
    let mut rows: Vec<Json> = list(&figures["groups"]).map(|group| shown(cx, group, told)).collect();
    rows.sort_by_key(|row| {
        let many = |of: &str| row[of].as_i64().unwrap_or(0);
        // Of reasons those with the most losses first, of all else those with the most deals.
        let weight = if by == "lost_reason" { many("lost") } else { many("won") + many("lost") };
        (row["key"].is_null() || row["rest"] == true, std::cmp::Reverse(weight))
    });
    let answer = json!({
        "by": by,
        "rows": rows,
        "total": total(cx, &figures, told),
        "main_currency": figures["main_currency"],
        "at": figures["at"],
    });
    export::told(cx, request.format.as_deref(), opportunity::KEY, answer, |answer| sheet(cx, by, answer))
}

/// A group's records that were won and that were lost.
fn shown(cx: &Ctx, group: &Json, told: bool) -> Json {
    let of = |outcome: &str| list(&group["series"]).find(|series| series["key"] == outcome);
    let mut shown = json!({"key": group["key"], "label": group["label"], "colour": group["colour"], "rest": group["rest"]});
    fill(cx, &mut shown, of(StageType::Won.key()), of(StageType::Lost.key()), &group["behind"]["value"], told);
    shown
}

fn fill(cx: &Ctx, shown: &mut Json, won: Option<&Json>, lost: Option<&Json>, both: &Json, told: bool) {
    let many = |of: Option<&Json>| of.and_then(|of| of["records"].as_i64()).unwrap_or(0);
    let nothing = || Json::from(Amount(0).show(cx.meta.rates.main()));
    let worth = |of: Option<&Json>| if told { of.map_or_else(nothing, |of| of["value"].clone()) } else { Json::Null };
    let at = |of: Option<&Json>| of.map_or(Json::Null, |of| of["behind"]["value"].clone());
    let mut behind = json!({"won": at(won), "won_amount": at(won), "lost": at(lost), "lost_amount": at(lost), "win_rate": both});
    if let Json::Object(map) = &mut behind {
        map.retain(|_, address| !address.is_null());
    }
    let (many_won, many_lost) = (many(won), many(lost));
    shown["won"] = many_won.into();
    shown["lost"] = many_lost.into();
    shown["won_amount"] = worth(won);
    shown["lost_amount"] = worth(lost);
    shown["win_rate"] = rate(many_won, many_won + many_lost).into();
    shown["behind"] = behind;
}

/// In percent, with two digits; none of nothing.
fn rate(part: i64, whole: i64) -> Option<String> {
    let hundredths = (whole > 0).then(|| div_half_up(i128::from(part) * 10_000, i128::from(whole)))?;
    i64::try_from(hundredths * 10_000).ok().map(|millionths| Number(millionths).to_string())
}

/// Over all groups: what is behind it is behind the whole chart, which is both, so that each outcome has its own.
fn total(cx: &Ctx, figures: &Json, told: bool) -> Json {
    let mut total = json!({});
    let whole = |outcome: &str| {
        let series = list(&figures["groups"]).flat_map(|group| list(&group["series"])).filter(|series| series["key"] == outcome);
        let (mut records, mut sum) = (0, 0_i128);
        for one in series {
            records += one["records"].as_i64().unwrap_or(0);
            sum += one["value"].as_str().and_then(Amount::parse).map_or(0, |amount| i128::from(amount.0));
        }
        let both = figures["total"]["behind"]["value"].as_str().unwrap_or_default();
        json!({
            "records": records,
            "value": Amount::show_sum(sum, cx.meta.rates.main()),
            "behind": {"value": format!("{both}&series={outcome}")},
        })
    };
    let (won, lost) = (whole(StageType::Won.key()), whole(StageType::Lost.key()));
    fill(cx, &mut total, Some(&won), Some(&lost), &figures["total"]["behind"]["value"], told);
    total
}

fn sheet(cx: &Ctx, by: &str, answer: &Json) -> Sheet {
    let field = cx.meta.schema.object(opportunity::KEY).and_then(|object| object.field(by));
    let figure = |en, zh, place: &str| Column::figure(Label::new(en, zh), format!("/{place}"));
    Sheet {
        name: "win-loss",
        title: Label::new("Won and lost", "赢单与输单"),
        columns: vec![
            Column::text(field.map(|field| field.label.clone()).unwrap_or_default(), "/label"),
            figure("Won", "赢单数", "won"),
            figure("Lost", "输单数", "lost"),
            figure("Won amount", "赢单金额", "won_amount"),
            figure("Lost amount", "输单金额", "lost_amount"),
            figure("Win rate (%)", "赢单率（%）", "win_rate"),
        ],
        rows: list(&answer["rows"]).map(export::named).collect(),
    }
}
