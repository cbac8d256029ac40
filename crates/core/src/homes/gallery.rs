//! What there is to put on a Home, in folders: preset modules, charts of one's own and shared ones, lists.

use db::Read;
use model::Label;
use serde_json::{Value as Json, json};

use super::document::Card;
use super::shipped;
use super::sight::seen;
use crate::charts::{self, ChartType, Kept};
use crate::views;
use crate::{Ctx, Result};

/// Something to choose: its key, kind, name, what it tells, its size, its settings.
struct Entry {
    key: &'static str,
    kind: &'static str,
    names: (&'static str, &'static str),
    tells: (&'static str, &'static str),
    size: (u8, u8),
    settings: Json,
}

impl Entry {
    /// As the caller may know it; none where he could not be shown it.
    fn show(self, cx: &Ctx, tx: &mut Read) -> Result<Option<Json>> {
        let settings = self.settings.as_object().cloned().unwrap_or_default();
        let (width, height) = self.size;
        let card = Card { id: self.key.to_owned(), kind: self.kind.to_owned(), title: None, width, height, settings };
        let (card, there) = seen(cx, tx, card)?;
        let label = |(en, zh): (&str, &str)| Label::new(en, zh);
        let shown = json!({
            "key": self.key, "kind": self.kind, "label": label(self.names), "description": label(self.tells),
            "width": width, "height": height, "settings": card.settings,
        });
        Ok(there.then_some(shown))
    }
}

/// The gallery as the caller may see it: what his roles hide is not in it.
pub fn gallery(cx: &Ctx, tx: &mut Read) -> Result<Json> {
    let mut preset: Vec<Json> = Vec::new();
    for (key, (en, zh), entries) in [
        ("new_opportunity_insights", ("New Opportunity Insights", "新商机洞察"), insights()),
        ("pipeline_and_forecast", ("Pipeline and forecast", "漏斗与预测"), pipeline()),
        ("won_and_lost", ("Won and lost", "赢单与输单"), won_and_lost()),
        ("attention", ("What needs attention", "需要关注"), attention()),
        ("people", ("People and activity", "人员与跟进"), people()),
        ("work", ("Work", "工作"), work()),
    ] {
        let mut shown = Vec::new();
        for entry in entries {
            shown.extend(entry.show(cx, tx)?);
        }
        if !shown.is_empty() {
            preset.push(folder(key, Label::new(en, zh), Vec::new(), shown));
        }
    }
    let kept = charts::within_reach(cx, tx)?;
    let of = |mine: bool| kept.iter().filter(|chart| (chart.owner == cx.who.id) == mine).map(of_chart).collect::<Vec<Json>>();
    let folders = vec![
        folder("preset_modules", Label::new("Preset Modules", "预设模块"), preset, Vec::new()),
        folder("my_charts", Label::new("My charts", "我的图表"), Vec::new(), of(true)),
        folder("shared_charts", Label::new("Shared charts", "共享图表"), Vec::new(), of(false)),
        folder("lists", Label::new("Lists", "列表"), lists(cx, tx)?, Vec::new()),
    ];
    Ok(json!({"folders": folders}))
}

fn folder(key: &str, label: Label, folders: Vec<Json>, entries: Vec<Json>) -> Json {
    json!({"key": key, "label": label, "folders": folders, "entries": entries})
}

fn of_chart(chart: &Kept) -> Json {
    let document = &chart.document;
    let (width, height) = if document.chart.chart_type == ChartType::Number { (3, 2) } else { (6, 5) };
    json!({
        "key": format!("chart:{}", chart.id), "kind": "chart", "label": Label::en(&document.name),
        "description": document.description.as_deref().map(Label::en), "width": width, "height": height,
        "settings": {"chart": chart.id.to_string()},
    })
}

/// The views within reach, by object.
fn lists(cx: &Ctx, tx: &mut Read) -> Result<Vec<Json>> {
    let told = views::list(cx, tx, None)?;
    let mut folders: Vec<Json> = Vec::new();
    for object in cx.meta.schema.objects().filter(|object| cx.object(&object.key).is_ok()) {
        let of_object = told["items"].as_array().into_iter().flatten().filter(|view| view["object"] == object.key.as_str());
        let entries: Vec<Json> = of_object
            .map(|view| {
                let id = view["id"].as_str().unwrap_or_default();
                json!({
                    "key": format!("view:{id}"), "kind": "list", "label": Label::en(view["name"].as_str().unwrap_or_default()),
                    "description": null, "width": 6, "height": 5, "settings": {"object": object.key, "view": id},
                })
            })
            .collect();
        if !entries.is_empty() {
            folders.push(folder(&format!("lists_{}", object.key), object.plural.clone(), Vec::new(), entries));
        }
    }
    Ok(folders)
}

fn insights() -> Vec<Entry> {
    vec![Entry {
        key: "stage_conversion",
        kind: "stage_conversion",
        names: ("Opportunity 2.0 Stage Conversion Analysis Chart", "商机2.0阶段转化分析图"),
        tells: (
            "How many deals came to each stage, what became of them there, how long it took, and what won deals are worth.",
            "各阶段进入的商机数量与金额、转化、停留与流失、平均停留时长，以及赢单周期和平均成交金额。",
        ),
        size: (12, 7),
        settings: json!({}),
    }]
}

fn pipeline() -> Vec<Entry> {
    let by = |key, names, by: &str| Entry {
        key,
        kind: "pipeline",
        names,
        tells: ("Open deals: how many, their amount, and the amount weighted by win rate.", "进行中商机的数量、金额与加权金额。"),
        size: (6, 5),
        settings: json!({"by": by}),
    };
    vec![
        by("pipeline", ("Sales pipeline", "销售漏斗"), "stage"),
        by("pipeline_by_owner", ("Pipeline by owner", "按负责人的销售漏斗"), "owner"),
        by("pipeline_by_department", ("Pipeline by department", "按部门的销售漏斗"), "owner_department"),
        by("pipeline_by_product", ("Pipeline by product", "按产品的销售漏斗"), "product"),
        by("pipeline_by_source", ("Pipeline by source", "按来源的销售漏斗"), "lead_source"),
        Entry {
            key: "forecast",
            kind: "forecast",
            names: ("Forecast", "销售预测"),
            tells: (
                "Commit, best case, pipeline and closed of a period, against the target.",
                "一个期间内的承诺、最佳情况、管道与已成交金额，并与目标对比。",
            ),
            size: (6, 5),
            settings: json!({}),
        },
        Entry {
            key: "projection",
            kind: "projection",
            names: ("Projection", "成交推算"),
            tells: (
                "What the period may come to by your own history, as a range, with how well that has held before.",
                "根据历史数据推算的期间成交区间，以及以往推算的准确程度。",
            ),
            size: (6, 5),
            settings: json!({}),
        },
        Entry {
            key: "waterfall",
            kind: "waterfall",
            names: ("Pipeline waterfall", "漏斗变化瀑布图"),
            tells: (
                "What became of the pipeline between two days: new, grown, shrunk, moved, won, lost.",
                "两个日期之间漏斗的变化：新增、增加、减少、移入移出、赢单、输单。",
            ),
            size: (12, 5),
            settings: json!({}),
        },
    ]
}

fn won_and_lost() -> Vec<Entry> {
    let by = |key, names, by: &str| Entry {
        key,
        kind: "win_loss",
        names,
        tells: ("Deals won and lost, their amounts and the win rate.", "赢单与输单的数量、金额与赢单率。"),
        size: (6, 5),
        settings: json!({"by": by}),
    };
    vec![
        by("win_loss", ("Lost by reason", "按原因的输单分析"), "lost_reason"),
        by("win_loss_by_competitor", ("Won and lost by competitor", "按竞争对手的输赢分析"), "competitor"),
        by("win_loss_by_source", ("Won and lost by source", "按来源的输赢分析"), "lead_source"),
        by("win_loss_by_product", ("Won and lost by product", "按产品的输赢分析"), "product"),
        by("win_loss_by_owner", ("Won and lost by owner", "按负责人的输赢分析"), "owner"),
        by("win_loss_by_department", ("Won and lost by department", "按部门的输赢分析"), "owner_department"),
        by("win_loss_by_type", ("Won and lost by type", "按商机类型的输赢分析"), "opportunity_type"),
    ]
}

fn attention() -> Vec<Entry> {
    let open = json!({"field": "stage_type", "op": "eq", "value": "in_progress"});
    let late = json!({"all": [open, {"field": "stage_due_at", "op": "within", "value": "past"}]});
    vec![
        Entry {
            key: "ageing",
            kind: "ageing",
            names: ("Ageing by stage", "阶段停留时长分布"),
            tells: (
                "Open deals by stage and by how long they have stood there, with those that are overdue.",
                "进行中商机按阶段和停留时长的分布，以及超时的商机。",
            ),
            size: (8, 5),
            settings: json!({}),
        },
        Entry {
            key: "overdue",
            kind: "list",
            names: ("Overdue in their stage", "阶段停留超时"),
            tells: ("Open deals that stand in their stage for longer than they may.", "在当前阶段停留超过规定时长的商机。"),
            size: (6, 5),
            settings: json!({"object": "opportunity", "filter": late, "sort": "stage_due_at"}),
        },
    ]
}

fn people() -> Vec<Entry> {
    let board = |key, names, metric: &str| Entry {
        key,
        kind: "leaderboard",
        names,
        tells: ("People of those whose records one sees, the first ones first.", "您可见范围内人员的排名。"),
        size: (6, 5),
        settings: json!({"metric": metric}),
    };
    vec![
        board("leaderboard", ("Leaderboard: won amount", "排行榜：赢单金额"), "won_amount"),
        board("leaderboard_count", ("Leaderboard: deals won", "排行榜：赢单数量"), "won_count"),
        board("leaderboard_ordered", ("Leaderboard: ordered amount", "排行榜：订单金额"), "ordered_amount"),
        board("leaderboard_new", ("Leaderboard: new deals", "排行榜：新建商机"), "new_deals"),
        board("leaderboard_activities", ("Leaderboard: activities", "排行榜：跟进次数"), "activities"),
        Entry {
            key: "activity",
            kind: "activity",
            names: ("Activity", "跟进情况"),
            tells: ("Calls, visits, e-mails and notes of each person in a period.", "期间内每个人的电话、拜访、邮件与记录数量。"),
            size: (6, 5),
            settings: json!({}),
        },
    ]
}

fn work() -> Vec<Entry> {
    let plain = |key, names, tells, size| Entry { key, kind: key, names, tells, size, settings: json!({}) };
    vec![
        plain("todo", ("To do", "待办"), ("What waits for you.", "等待您处理的事项。"), (6, 5)),
        plain("approvals", ("Approvals", "审批"), ("What you are asked to decide.", "等待您审批的事项。"), (6, 5)),
        plain("holdings", ("Holding limits", "保有量"), ("How many you hold, of how many you may.", "您当前的保有数量与上限。"), (4, 4)),
        plain("recent", ("Lately done", "最近跟进"), ("What has been done about your records.", "您的记录最近的跟进情况。"), (6, 4)),
        Entry {
            key: "figures",
            kind: "figures",
            names: ("Key figures", "关键指标"),
            tells: ("Open deals and their amount, won this quarter, overdue.", "进行中商机及金额、本季度赢单、超时商机。"),
            size: (12, 2),
            settings: shipped::figures(),
        },
    ]
}
