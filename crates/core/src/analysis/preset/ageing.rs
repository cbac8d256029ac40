//! How long open deals have stood in their stages.

use db::Read;
use model::field::StageType;
use model::objects::opportunity;
use model::{Amount, Instant, Label, Object};
use serde::Deserialize;
use serde_json::{Value as Json, json};

use super::{all, brought, chart, drawn, list, row};
use crate::analysis::conversion::{chosen, in_progress, types};
use crate::analysis::export::{self, Column, Sheet, Told};
use crate::{Ctx, Error, Result, veil};

const DAY: i64 = 86_400_000_000;

/// Whole days in the stage: from, to.
const BANDS: [(&str, i64, Option<i64>); 4] = [("0_7", 0, Some(7)), ("8_30", 8, Some(30)), ("31_90", 31, Some(90)), ("over_90", 91, None)];

/// The query of `GET /analysis/ageing`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AgeingRequest {
    /// Id of a process; deals of all processes when absent.
    pub process: Option<String>,
    pub view: Option<String>,
    /// A condition over the opportunity.
    pub filter: Option<String>,
    pub q: Option<String>,
    /// `csv` or `xlsx`.
    pub format: Option<String>,
}

/// `GET /analysis/ageing`: open deals by stage and by how long they have stood there, and those that have for longer than they may.
pub fn ageing(cx: &Ctx, tx: &mut Read, request: &AgeingRequest) -> Result<Told> {
    let object = cx.object(opportunity::KEY)?.clone();
    let hidden = ["stage", "sales_process", "stage_entered_at"].iter().any(|field| veil::hides(cx, &object.key, field));
    if hidden {
        return Err(Error::NotFound);
    }
    let process = request.process.as_deref().map(|id| chosen(cx, &object, Some(id))).transpose()?;
    let mut open = vec![row("stage_type", "eq", StageType::InProgress.key())];
    open.extend(process.map(|process| row("sales_process", "eq", process.id.to_string())));
    open.extend(brought(request.filter.as_deref())?);
    let told = !veil::hides(cx, &object.key, "amount");
    let overdue_told = !veil::hides(cx, &object.key, "stage_due_at");
    let mut draw = |more: Vec<Json>| {
        let filter = all(open.iter().cloned().chain(more).collect());
        let chart = chart(&object.key, told.then_some("amount"), "stage", None, filter);
        drawn(cx, tx, &chart, request.view.as_deref(), request.q.as_deref())
    };
    let whole = draw(Vec::new())?;
    // Whoever entered at this instant has been there for so many whole days.
    let before = |days: i64| Instant(cx.at.0 - days * DAY).to_string();
    let mut bands = Vec::new();
    for (key, from, to) in BANDS {
        let mut rows = vec![row("stage_entered_at", "le", before(from))];
        rows.extend(to.map(|to| row("stage_entered_at", "gt", before(to + 1))));
        // A clock that went back makes nobody younger than now.
        let figures = draw(if from == 0 { rows.split_off(1) } else { rows })?;
        bands.push((key, figures));
    }
    let overdue = if overdue_told { Some(draw(vec![row("stage_due_at", "lt", cx.at.to_string())])?) } else { None };
    let stages = stages(&object, process.map(|process| in_progress(process, &types(&object))), &whole);
    let shown = Shown { cx, told, whole: &whole, bands: &bands, overdue: overdue.as_ref() };
    let rows: Vec<Json> = stages.iter().map(|stage| shown.stage(&object, stage)).collect();
    let answer = json!({
        "process": process.map(|process| json!({"id": process.id.to_string(), "name": process.name})),
        "bands": BANDS.map(|(key, from, to)| json!({"key": key, "from_days": from, "to_days": to})),
        "stages": rows,
        "total": shown.total(),
        "main_currency": whole["main_currency"],
        "at": cx.at,
    });
    export::told(cx, request.format.as_deref(), &object.key, answer, |answer| sheet(&object, answer))
}

/// The stages in their order: those of the process, and whichever else has open deals.
fn stages(object: &Object, of_process: Option<Vec<String>>, whole: &Json) -> Vec<Option<String>> {
    let found: Vec<Option<String>> = list(&whole["groups"]).map(|group| group["key"].as_str().map(str::to_owned)).collect();
    let mut stages: Vec<Option<String>> = match of_process {
        Some(stages) => stages.into_iter().map(Some).collect(),
        None => object.options("stage").iter().map(|option| Some(option.key.clone())).filter(|key| found.contains(key)).collect(),
    };
    let former: Vec<Option<String>> = found.into_iter().filter(|key| !stages.contains(key)).collect();
    stages.extend(former);
    stages
}

struct Shown<'a> {
    cx: &'a Ctx,
    told: bool,
    whole: &'a Json,
    bands: &'a [(&'static str, Json)],
    overdue: Option<&'a Json>,
}

impl Shown<'_> {
    fn stage(&self, object: &Object, stage: &Option<String>) -> Json {
        let group = |figures: &Json| list(&figures["groups"]).find(|group| group["key"].as_str() == stage.as_deref()).cloned();
        let option = object.options("stage").iter().find(|option| Some(&option.key) == stage.as_ref());
        let mut shown = json!({
            "key": stage, "label": option.map(|option| &option.label), "colour": option.and_then(|option| option.colour.as_ref()),
        });
        self.fill(&mut shown, group);
        shown
    }

    fn total(&self) -> Json {
        let mut shown = json!({});
        self.fill(&mut shown, |figures| Some(figures["total"].clone()));
        shown
    }

    fn fill(&self, shown: &mut Json, of: impl Fn(&Json) -> Option<Json>) {
        let (count, amount, at) = self.figure(of(self.whole));
        (shown["count"], shown["amount"]) = (count, amount);
        let mut behind = json!({"count": at, "amount": at});
        let late = self.overdue.map(|figures| self.figure(of(figures)));
        if let Some((count, amount, at)) = late {
            (shown["overdue"], shown["overdue_amount"]) = (count, amount);
            (behind["overdue"], behind["overdue_amount"]) = (at.clone(), at);
        } else {
            (shown["overdue"], shown["overdue_amount"]) = (Json::Null, Json::Null);
        }
        shown["behind"] = present(behind);
        shown["bands"] = self
            .bands
            .iter()
            .map(|(key, figures)| {
                let (count, amount, at) = self.figure(of(figures));
                json!({"key": key, "count": count, "amount": amount, "behind": present(json!({"count": at, "amount": at}))})
            })
            .collect();
    }

    /// Count, amount and where the deals are; nothing is behind nothing.
    fn figure(&self, group: Option<Json>) -> (Json, Json, Json) {
        let none = || self.told.then(|| Amount(0).show(self.cx.meta.rates.main()));
        let Some(group) = group else { return (0.into(), none().into(), Json::Null) };
        let amount = if self.told { group["value"].clone() } else { Json::Null };
        (group["records"].clone(), amount, group["behind"]["value"].clone())
    }
}

fn present(mut behind: Json) -> Json {
    if let Json::Object(map) = &mut behind {
        map.retain(|_, address| !address.is_null());
    }
    behind
}

fn sheet(object: &Object, answer: &Json) -> Sheet {
    let stage = object.field("stage").map(|field| field.label.clone()).unwrap_or_default();
    let mut columns = vec![
        Column::text(stage, "/label"),
        Column::figure(Label::new("Deals", "商机数"), "/count"),
        Column::figure(Label::new("Amount", "金额"), "/amount"),
    ];
    for (at, (_, from, to)) in BANDS.iter().enumerate() {
        let days = to.map_or_else(|| format!("> {}", from - 1), |to| format!("{from}–{to}"));
        columns.push(Column::figure(Label::new(&format!("{days} days"), &format!("{days} 天")), format!("/bands/{at}/count")));
        columns
            .push(Column::figure(Label::new(&format!("{days} days: amount"), &format!("{days} 天：金额")), format!("/bands/{at}/amount")));
    }
    columns.push(Column::figure(Label::new("Overdue", "超时"), "/overdue"));
    columns.push(Column::figure(Label::new("Overdue: amount", "超时：金额"), "/overdue_amount"));
    Sheet {
        name: "ageing",
        title: Label::new("Ageing by stage", "阶段停留时长分布"),
        columns,
        rows: list(&answer["stages"]).map(export::named).collect(),
    }
}
