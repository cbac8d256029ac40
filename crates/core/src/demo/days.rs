//! What people did about their deals day by day, what they have still to do, and what they say to each other.

use db::Write;
use model::{Id, Instant, Value};

use super::dice::Dice;
use super::market::{Account, Market, new, owned};
use super::{DAY, Story, put};
use crate::comments::{self, Wanted};
use crate::{Ctx, Result};

/// A deal as it stands.
pub struct Standing {
    pub id: Id,
    pub created: Instant,
    /// When it was moved last, and whether it is still open.
    pub last: Instant,
    pub open: bool,
}

/// Sort, how it went, subject and what happened, in English and Chinese.
type Deed = (&'static str, &'static str, [&'static str; 2], [&'static str; 2]);

#[rustfmt::skip]
const DEEDS: [Deed; 12] = [
    ("call", "positive", ["First call", "Talked for twenty minutes about the plant and what they measure by hand today. They want to see a device running before they ask for money."],
        ["首次电话沟通", "沟通了二十分钟，了解现场情况和目前的人工测量方式。客户希望先看到设备运行。"]),
    ("visit", "positive", ["Walk through the plant", "Saw four measuring points with the maintenance lead. Two need stainless steel, one is hard to reach. Photographs are with the drawings."],
        ["现场勘查", "与设备主管查看了四个测点，两处需要不锈钢材质，一处安装空间较小。"]),
    ("email", "neutral", ["Data sheets sent", "Sent data sheets and the certificate for the hazardous area. They compare with what they have."],
        ["已发送资料", "发送了数据手册和防爆证书，客户正在与现有设备对比。"]),
    ("call", "not_reached", ["Nobody reached", "Left word with the secretary."],
        ["未联系上", "已请秘书转告。"]),
    ("call", "neutral", ["Budget", "The budget is in the plan for next year; a part may come from this year's maintenance. Purchasing decides, not the plant."],
        ["预算沟通", "预算列入明年计划，部分可能从今年维护费用中出。由采购决定。"]),
    ("visit", "positive", ["Demonstration on site", "The clamp-on meter ran for two hours beside theirs and differed by less than one percent. The plant manager was there for the last half hour."],
        ["现场演示", "外夹式流量计运行两小时，与原表偏差小于百分之一，厂长也到场。"]),
    ("note", "negative", ["A competitor is in", "They have an offer of Vortex Instruments on the table, about ten percent below ours, with a longer delivery time."],
        ["竞争对手介入", "客户已收到竞争对手报价，比我们低约一成，但交期更长。"]),
    ("email", "positive", ["Questions on the offer answered", "Answered eleven questions on material, protocol and calibration. Two more devices were added."],
        ["答复报价问题", "答复了关于材质、通讯协议和校准的十一个问题，客户增加了两台设备。"]),
    ("call", "positive", ["Delivery dates", "Six weeks are fine if the first two devices come in four."],
        ["交货期", "六周可以接受，但前两台需四周内到货。"]),
    ("visit", "neutral", ["Meeting with purchasing", "They ask for five percent and payment in sixty days. Offered three percent and thirty days; they come back to us."],
        ["与采购会谈", "对方要求五个点折扣和六十天账期，我们提出三个点和三十天，等待答复。"]),
    ("note", "neutral", ["Shutdown in spring", "Installation only fits into the shutdown in April, so the order must be here by February."],
        ["春季停产检修", "安装只能安排在四月停产期间，订单需在二月前到位。"]),
    ("email", "neutral", ["Minutes of the meeting", "Sent the minutes with the open points and who looks after which."],
        ["会议纪要", "已发送会议纪要，列出未决事项和责任人。"]),
];

/// What is to be done: in English and Chinese, its priority, days until it is due (overdue where they are behind).
#[rustfmt::skip]
const TASKS: [(&str, &str, &str, i64); 10] = [
    ("Send the revised offer", "发送修订后的报价", "high", 1),
    ("Ask for the pipe drawings", "索取管道图纸", "normal", 3),
    ("Book the demonstration device", "预约演示设备", "normal", 6),
    ("Call purchasing about the discount", "与采购沟通折扣", "high", -2),
    ("Check the delivery time with the works", "与工厂确认交期", "normal", 0),
    ("Prepare the site visit", "准备现场勘查", "normal", 4),
    ("Send the reference list", "发送业绩清单", "low", 9),
    ("Fix a date with the plant manager", "与厂长约定时间", "normal", -5),
    ("Clear the terms of payment", "确认付款条件", "high", 2),
    ("Put the spare parts into the offer", "在报价中加入备件", "low", 12),
];

/// What people say of a deal; `{}` is who is asked.
#[rustfmt::skip]
const SAID: [(&str, &str); 8] = [
    ("{} could you look at the hazardous area requirement before I send this?", "{} 发出前请帮忙看一下防爆要求。"),
    ("They asked again about the delivery time. {} what can we promise?", "客户又问交期，{} 我们能承诺多久？"),
    ("Good meeting today; the plant manager is on our side now.", "今天会谈不错，厂长已支持我们。"),
    ("{} the discount is within what we agreed, please go ahead.", "{} 折扣在约定范围内，可以继续。"),
    ("The contract is with their lawyers until Friday.", "合同在对方法务，预计周五前反馈。"),
    ("{} I would not go below this price here.", "{} 这里价格不宜再低。"),
    ("Spoke to the reference customer, they are happy to take a call.", "已与参考客户沟通，对方愿意接听电话。"),
    ("{} you know the engineer there, would you give him a ring?", "{} 你认识那边的工程师，能打个电话吗？"),
];

/// Tells it of the n-th deal. Chance is its own, so that deals go as they go without it.
pub fn fill(story: &Story<'_>, tx: &mut Write, market: &Market, account: &Account, deal: &Standing, n: usize) -> Result<()> {
    let mut dice = Dice::new(70_000 + n as u64);
    let until = if deal.open { story.now().plus_seconds(-3_600) } else { deal.last };
    let span = (until.0 - deal.created.0) / 1_000_000;
    let many = if deal.open { dice.between(1, 4) } else { dice.between(0, 2) };
    for at in 0..many.min(span / (2 * 3_600)) {
        let part = span * (at + 1) / (many + 1);
        let when = deal.created.plus_seconds(part + dice.between(-1_800, 1_800));
        activity(story, tx, account, deal.id, when, (n * 5 + at as usize * 7) % DEEDS.len())?;
    }
    if deal.open && n % 3 != 1 {
        task(story, tx, market, account, deal, n)?;
    }
    if deal.open && n % 4 == 2 {
        comment(story, tx, market, account, deal, n)?;
    }
    Ok(())
}

fn activity(story: &Story<'_>, tx: &mut Write, account: &Account, deal: Id, at: Instant, which: usize) -> Result<()> {
    let (sort, outcome, english, chinese) = DEEDS[which];
    let [subject, content] = if account.chinese { chinese } else { english };
    let contact = account.contacts.first().filter(|_| sort != "note").map(|(id, _)| Value::Ref(*id));
    let fields: [(&str, Value); 7] = [
        ("name", subject.into()),
        ("activity_type", sort.into()),
        ("regarding", Value::Regarding { object: "opportunity".into(), id: deal }),
        ("happened_at", at.into()),
        ("contact", contact.into()),
        ("content", content.into()),
        ("outcome", outcome.into()),
    ];
    put(&story.at(account.owner, at), tx, owned(new("activity", fields), account.owner)).map(|_| ())
}

/// Who helps: somebody of the other sellers.
fn helper(market: &Market, owner: Id, n: usize) -> Id {
    const HELP: [&str; 4] = ["tara", "kim", "lee", "nina"];
    let others: Vec<Id> = HELP.iter().filter_map(|key| market.people.get(key)).copied().filter(|id| *id != owner).collect();
    others.get(n % others.len().max(1)).copied().unwrap_or(owner)
}

fn task(story: &Story<'_>, tx: &mut Write, market: &Market, account: &Account, deal: &Standing, n: usize) -> Result<()> {
    let (english, chinese, priority, days) = TASKS[n % TASKS.len()];
    let asked = Instant(deal.last.0.max(story.now().plus_seconds(-9 * DAY).0)).plus_seconds(1_200);
    if asked >= story.now() {
        return Ok(());
    }
    let assignee = if n.is_multiple_of(6) { helper(market, account.owner, n) } else { account.owner };
    let due = story.now().plus_seconds(days * DAY);
    let fields: [(&str, Value); 6] = [
        ("name", if account.chinese { chinese } else { english }.into()),
        ("regarding", Value::Regarding { object: "opportunity".into(), id: deal.id }),
        ("assignee", assignee.into()),
        ("due_at", due.into()),
        ("priority", priority.into()),
        ("task_status", if n % 5 == 4 { "done" } else { "open" }.into()),
    ];
    let cx: Ctx = story.at(account.owner, asked);
    put(&cx, tx, owned(new("task", fields), account.owner)).map(|_| ())
}

fn comment(story: &Story<'_>, tx: &mut Write, market: &Market, account: &Account, deal: &Standing, n: usize) -> Result<()> {
    let at = Instant(deal.last.0.max(story.now().plus_seconds(-6 * DAY).0)).plus_seconds(2_400);
    if at >= story.now() {
        return Ok(());
    }
    let (english, chinese) = SAID[n / 4 % SAID.len()];
    let owner = super::cast::PEOPLE.iter().find(|person| market.people.get(person.0) == Some(&account.owner));
    // Whoever answers speaks to the owner, who sees the deal for sure.
    let (by, asked) = (helper(market, account.owner, n), format!("@[{}](employee:{})", owner.map_or("", |person| person.1), account.owner));
    let text = if account.chinese { chinese } else { english }.replace("{}", &asked);
    comments::create(&story.at(by, at), tx, "opportunity", deal.id, &Wanted { text }).map(|_| ())
}
