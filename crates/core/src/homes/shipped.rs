//! The Homes that the product ships: one for those who sell, one for those who lead, one for all others.

use serde_json::{Value as Json, json};

use super::document::{Card, Page};

/// The page with which a role begins.
pub(super) fn page(role: &str) -> Page {
    let cards = match role {
        "salesperson" => selling(),
        "sales_manager" | "sales_operations" | "administrator" => leading(),
        _ => looking(),
    };
    Page { cards }
}

fn card(id: &str, kind: &str, (width, height): (u8, u8), settings: Json) -> Card {
    let settings = settings.as_object().cloned().unwrap_or_default();
    Card { id: id.to_owned(), kind: kind.to_owned(), title: None, width, height, settings }
}

fn selling() -> Vec<Card> {
    let mine = json!({"field": "owner", "op": "is_me"});
    let open = json!({"field": "stage_type", "op": "eq", "value": "in_progress"});
    let soon = json!({"field": "expected_close_date", "op": "within", "value": {"name": "next_n_days", "n": 30}});
    vec![
        card("figures", "figures", (12, 2), figures()),
        card("todo", "todo", (6, 5), json!({})),
        card(
            "closing",
            "list",
            (6, 5),
            json!({"object": "opportunity", "filter": {"all": [mine, open, soon]}, "sort": "expected_close_date"}),
        ),
        card("stage_conversion", "stage_conversion", (12, 7), json!({})),
        card("approvals", "approvals", (4, 4), json!({})),
        card("holdings", "holdings", (4, 4), json!({})),
        card("recent", "recent", (4, 4), json!({})),
    ]
}

fn leading() -> Vec<Card> {
    vec![
        card("figures", "figures", (12, 2), figures()),
        card("stage_conversion", "stage_conversion", (12, 7), json!({})),
        card("pipeline", "pipeline", (6, 5), json!({"by": "stage"})),
        card("forecast", "forecast", (6, 5), json!({})),
        card("approvals", "approvals", (4, 5), json!({})),
        card("ageing", "ageing", (8, 5), json!({})),
        card("leaderboard", "leaderboard", (6, 5), json!({"metric": "won_amount"})),
        card("win_loss", "win_loss", (6, 5), json!({"by": "lost_reason"})),
        card("todo", "todo", (6, 4), json!({})),
        card("recent", "recent", (6, 4), json!({})),
    ]
}

fn looking() -> Vec<Card> {
    vec![
        card("figures", "figures", (12, 2), figures()),
        card("stage_conversion", "stage_conversion", (12, 7), json!({})),
        card("pipeline", "pipeline", (6, 5), json!({"by": "stage"})),
        card("win_loss", "win_loss", (6, 5), json!({"by": "lost_reason"})),
        card("todo", "todo", (6, 4), json!({})),
        card("recent", "recent", (6, 4), json!({})),
    ]
}

/// The key figures: of the deals that one sees.
pub(super) fn figures() -> Json {
    let open = json!({"field": "stage_type", "op": "eq", "value": "in_progress"});
    let late = json!({"all": [open, {"field": "stage_due_at", "op": "within", "value": "past"}]});
    let won = json!({"all": [{"field": "stage_type", "op": "eq", "value": "won"}, {"field": "closed_at", "op": "within", "value": "this_quarter"}]});
    let number =
        |measure: Json, filter: &Json| json!({"object": "opportunity", "chart_type": "number", "measure": measure, "filter": filter});
    let (count, amount) = (json!({"kind": "count"}), json!({"kind": "sum", "field": "amount"}));
    let item = |en: &str, zh: &str, chart: Json| json!({"label": {"en": en, "zh-CN": zh}, "chart": chart});
    json!({"items": [
        item("Open deals", "进行中商机", number(count.clone(), &open)),
        item("Open amount", "进行中金额", number(amount.clone(), &open)),
        item("Won this quarter", "本季度赢单金额", number(amount, &won)),
        item("Overdue in their stage", "阶段停留超时", number(count, &late)),
    ]})
}
