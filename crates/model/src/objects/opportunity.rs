//! The opportunity (商机): a chance of a deal, led through a sales process.

use super::{field, index, lines, number, reference, sales_order, select, standard_fields, text};
use crate::condition::{Condition, Op};
use crate::field::{Choice, FieldType, StageType};
use crate::{Base, Field, Label, Object, pool};

/// The object's key.
pub const KEY: &str = "opportunity";

/// Where a chance of a deal came from; leads have the same sources, so that one goes over into the other.
pub(super) const LEAD_SOURCES: [(&str, &str, &str); 8] = [
    ("website", "Website", "官网"),
    ("referral", "Referral", "转介绍"),
    ("event", "Event", "市场活动"),
    ("advertisement", "Advertisement", "广告"),
    ("cold_call", "Cold call", "陌生拜访"),
    ("partner", "Partner", "合作伙伴"),
    ("existing_customer", "Existing customer", "老客户"),
    ("other", "Other", "其他"),
];

/// The object.
pub fn object() -> Object {
    let mut fields = what();
    fields.extend(progress());
    fields.extend(figures());
    fields.extend(around());
    fields.extend(standard_fields(true));
    Object {
        key: KEY.to_owned(),
        label: Label::new("Opportunity", "商机"),
        plural: Label::new("Opportunities", "商机"),
        preset: true,
        owned: true,
        ownerless: true,
        base: Base::Private,
        rank: 100,
        fields,
        indexes: vec![
            // A column of the board. Whose a deal is is read from the index, so that those of others are passed by without looking them up.
            index(&["sales_process", "stage", "stage_entered_at", "id", "owner"]),
            index(&["stage_entered_at"]),
            // Somebody's overdue deals are counted from this alone.
            index(&["owner", "stage_type", "stage_due_at", "sales_process", "stage", "lifecycle_status"]),
            // What somebody has to close next.
            index(&["owner", "stage_type", "expected_close_date"]),
            // Deals with a customer, those of a time: what a new one is held against.
            index(&["account", "created_at"]),
            // The largest deals, whoever has them, and those of a name: a page in these orders takes the first that fit and stops.
            index(&["amount"]),
            index(&["name"]),
        ],
        ..Object::default()
    }
}

/// What the deal is about.
fn what() -> Vec<Field> {
    vec![
        text("name", "Opportunity name", "商机名称").required(),
        reference("account", "Account", "客户", "account"),
        reference("primary_contact", "Primary contact", "主要联系人", "contact"),
        reference("product", "Main product", "主要产品", "product"),
        reference("price_book", "Price book", "价格表", "price_book"),
        field("amount", "Opportunity amount", "商机金额", FieldType::Currency),
        field("expected_close_date", "Expected close date", "预计成交日期", FieldType::Date).fast(),
    ]
}

/// Where it stands.
fn progress() -> Vec<Field> {
    vec![
        field("sales_process", "Sales process", "销售流程", FieldType::Process).required(),
        field("stage", "Opportunity stage", "商机阶段", FieldType::Select { options: stages() }).required(),
        select(
            "stage_type",
            "Stage status",
            "阶段状态",
            &[
                ("in_progress", "In progress", "进行中"),
                ("won", "Won", "赢单"),
                ("lost", "Deal lost", "输单"),
                ("invalid", "Invalid", "无效"),
            ],
        )
        .read_only(),
        field("stage_entered_at", "Stage entered at", "进入阶段时间", FieldType::Datetime).read_only(),
        field("stage_due_at", "Stage due at", "阶段到期时间", FieldType::Datetime).read_only(),
        number("process_version", "Version of the process", "流程版本", 0).system().read_only(),
        select(pool::FIELD, "Pool", "公海", &[]).read_only(),
        field("closed_at", "Closed at", "结束时间", FieldType::Datetime).read_only(),
    ]
}

/// The stages shipped; an administrator adds more to the field. Colours are names of the screen's palette.
fn stages() -> Vec<Choice> {
    let stage = |key, en, zh, stage_type, colour: &str| Choice {
        colour: Some(colour.to_owned()),
        ..Choice::stage(key, Label::new(en, zh), stage_type)
    };
    vec![
        stage("prospecting", "Prospecting", "初步接触", StageType::InProgress, "blue"),
        stage("qualification", "Qualification", "需求确认", StageType::InProgress, "cyan"),
        stage("proposal", "Proposal", "方案报价", StageType::InProgress, "indigo"),
        stage("negotiation", "Negotiation", "商务谈判", StageType::InProgress, "violet"),
        stage("won", "Won", "赢单", StageType::Won, "green"),
        stage("lost", "Deal lost", "输单", StageType::Lost, "red"),
        stage("invalid", "Invalid", "无效", StageType::Invalid, "gray"),
    ]
}

/// What it is worth, and how sure that is.
fn figures() -> Vec<Field> {
    vec![
        field("win_rate", "Win rate", "赢率", FieldType::Percent { scale: 2 }),
        field("win_rate_typed", "Win rate set by hand", "手工填写赢率", FieldType::Boolean).system().read_only(),
        field("forecast_amount", "Forecast amount", "预测金额", FieldType::Currency).read_only(),
        select(
            "forecast_category",
            "Forecast category",
            "预测类别",
            &[
                ("pipeline", "Pipeline", "商机储备"),
                ("best_case", "Best case", "乐观预测"),
                ("commit", "Commit", "承诺"),
                ("omitted", "Omitted", "不计入"),
                ("closed", "Closed", "已成交"),
            ],
        ),
        field("forecast_category_typed", "Forecast category set by hand", "手工填写预测类别", FieldType::Boolean).system().read_only(),
        field("closing_win_rate", "Win rate before closing", "结束前赢率", FieldType::Percent { scale: 2 }).read_only(),
        field("analysis_amount", "Amount in analysis", "分析金额", FieldType::Currency).read_only(),
        field("lines_total", "Total of lines", "明细合计", lines::sum_of("opportunity_line", KEY, "amount")).read_only(),
        reference("accepted_quote", "Accepted quote", "已接受报价单", "quote").read_only(),
        field("ordered_amount", "Ordered amount", "订单金额", sales_order::ordered(KEY)).read_only(),
        number("main_rate", "Exchange rate at closing", "结束时汇率", 6).read_only(),
    ]
}

/// Where it came from and what goes on around it.
fn around() -> Vec<Field> {
    let other = || Condition::row("lost_reason", Op::Eq, "other");
    vec![
        select(
            "opportunity_type",
            "Opportunity type",
            "商机类型",
            &[
                ("new_business", "New business", "新客户"),
                ("renewal", "Renewal", "续约"),
                ("upsell", "Upsell", "增购"),
                ("cross_sell", "Cross-sell", "交叉销售"),
            ],
        ),
        select("lead_source", "Lead source", "线索来源", &LEAD_SOURCES),
        reference("lead", "From the lead", "来源线索记录", "lead"),
        reference("competitor", "Competitor", "竞争对手", "competitor"),
        text("next_step", "Next step", "下一步计划"),
        field("last_followed_at", "Last followed up at", "最后跟进时间", FieldType::Datetime).read_only(),
        select(
            "lost_reason",
            "Lost reason",
            "输单原因",
            &[
                ("price", "Price", "价格"),
                ("competitor", "Lost to a competitor", "竞争对手胜出"),
                ("no_budget", "No budget", "没有预算"),
                ("no_decision", "No decision", "客户未决策"),
                ("timing", "Timing", "时机不合适"),
                ("product_fit", "Product does not fit", "产品不匹配"),
                ("no_response", "No response", "失去联系"),
                ("other", "Other", "其他"),
            ],
        ),
        field("lost_note", "Lost reason in words", "输单说明", FieldType::Text { max_length: 500, pattern: None })
            .required_when(other())
            .visible_when(other()),
        field("description", "Description", "备注", FieldType::LongText),
    ]
}
