//! Deals from their first day to where they stand now.

use db::Write;
use model::{Amount, Id, Instant, Money, Number, Value};
use serde_json::json;

use super::cast::{NEXT_STEPS, THEMES};
use super::days::{self, Standing};
use super::dice::Dice;
use super::market::{Account, Market, new, owned};
use super::{DAY, DAYS, Story, put};
use crate::records::{self, team::TeamMember};
use crate::save::{Change, Deed, save_all};
use crate::{Ctx, Result};

/// How many deals there are.
const DEALS: i64 = 220;
/// Stages on the way, in their order.
const WAY: [&str; 4] = ["prospecting", "qualification", "proposal", "negotiation"];
const SOURCES: [&str; 7] = ["website", "referral", "event", "cold_call", "partner", "existing_customer", "existing_customer"];
const TYPES: [&str; 5] = ["new_business", "new_business", "renewal", "upsell", "cross_sell"];
const REASONS: [&str; 6] = ["price", "competitor", "no_budget", "no_decision", "timing", "no_response"];

/// What will become of a deal, and when.
struct Course {
    created: Instant,
    /// Instants of leaving each stage.
    leaves: [Instant; 4],
    /// Where it leaves the way, and for which stage.
    leaves_way_at: usize,
    end: &'static str,
}

/// Fills it, the oldest deal first.
pub fn fill(story: &Story<'_>, tx: &mut Write, market: &Market) -> Result<()> {
    let mut dice = Dice::new(20_261);
    let mut courses: Vec<Course> = (0..DEALS).map(|n| course(story, &mut dice, n)).collect();
    courses.sort_by_key(|course| course.created);
    for (n, course) in courses.iter().enumerate() {
        // Walks over all accounts, so that none is without a deal.
        let account = &market.accounts[(n * 37) % market.accounts.len()];
        deal(story, tx, market, account, course, n, &mut dice)?;
    }
    Ok(())
}

fn course(story: &Story<'_>, dice: &mut Dice, n: i64) -> Course {
    // More young deals than old ones: between an even spread and its square.
    let part = DEALS - n;
    let back = (DAYS - 5) * (part * DEALS + part * part) / (2 * DEALS * DEALS);
    let created = story.now().plus_seconds(-back * DAY - dice.between(600, 80_000));
    let mut leaves = [created; 4];
    let mut at = created;
    for slot in &mut leaves {
        let days = if dice.percent(8) { dice.between(40, 90) } else { dice.between(3, 24) };
        at = at.plus_seconds(days * DAY + dice.between(-20_000, 20_000));
        *slot = at;
    }
    let (leaves_way_at, end) = match dice.between(1, 100) {
        1..=52 => (3, "won"),
        53..=86 => (dice.between(0, 3) as usize, "lost"),
        87..=91 => (dice.between(0, 1) as usize, "invalid"),
        // Stands still somewhere.
        _ => (dice.between(0, 3) as usize, ""),
    };
    Course { created, leaves, leaves_way_at, end }
}

fn deal(story: &Story<'_>, tx: &mut Write, market: &Market, account: &Account, course: &Course, n: usize, dice: &mut Dice) -> Result<()> {
    let owner = account.owner;
    let lines = lines(market, account, dice);
    let total: i64 = lines.iter().map(|line| line.1.times(line.2, Number::whole(100)).map_or(0, |money| money.amount.0)).sum();
    let amount = Money { amount: Amount(total).rounded(account.currency), currency: account.currency };
    let (english, chinese) = THEMES[(n * 5 + n / 14) % THEMES.len()];
    let name = if account.chinese { chinese } else { english }.replace("{}", account.city);
    let zone = &story.meta.calendar.zone;
    let expected = course.leaves[3].plus_seconds(dice.between(-12, 20) * DAY).date_in(zone);
    let begin = story.at(owner, course.created);
    let fields: [(&str, Value); 8] = [
        ("name", name.into()),
        ("account", account.id.into()),
        ("product", market.products.iter().find(|product| product.name == lines[0].0).map(|product| Value::Ref(product.id)).into()),
        ("primary_contact", account.contacts.first().map(|(id, _)| Value::Ref(*id)).into()),
        ("amount", amount.into()),
        ("expected_close_date", expected.into()),
        ("lead_source", (*dice.one(&SOURCES)).into()),
        ("opportunity_type", (*dice.one(&TYPES)).into()),
    ];
    let id = put(&begin, tx, owned(new("opportunity", fields), owner))?;
    if n % 5 < 3 {
        // What they cost is in the price book of the currency.
        let line = |(product, _, quantity): &(&'static str, Money, Number)| {
            let product = market.products.iter().find(|known| known.name == *product).map(|known| Value::Ref(known.id));
            new("opportunity_line", [("opportunity", id.into()), ("product", product.into()), ("quantity", (*quantity).into())])
        };
        for line in save_all(&begin, tx, "opportunity_line", lines.iter().map(line).collect())? {
            line?;
        }
    }
    if n.is_multiple_of(2) {
        for (contact, role) in &account.contacts {
            put(&begin, tx, new("contact_role", [("opportunity", id.into()), ("contact", (*contact).into()), ("role", (*role).into())]))?;
        }
    }
    if n % 8 == 3 {
        let helper = if owner == market.people["kim"] { "tara" } else { "kim" };
        let member = TeamMember {
            person: market.people[helper].to_string(),
            role: Some("pre_sales".into()),
            access: "read_write".into(),
            share: Some(json!("20")),
        };
        records::set_team(&begin, tx, "opportunity", id, &[member])?;
    }
    let (last, open) = walk(story, tx, market, account, course, id, dice)?;
    days::fill(story, tx, market, account, &Standing { id, created: course.created, last, open }, n)
}

/// Moves the deal stage by stage until its course ends or today is reached: when that was last, and whether it is still open.
fn walk(
    story: &Story<'_>,
    tx: &mut Write,
    market: &Market,
    account: &Account,
    course: &Course,
    id: Id,
    dice: &mut Dice,
) -> Result<(Instant, bool)> {
    let (mut stage, mut last) = (WAY[0], course.created);
    for (i, left) in course.leaves.iter().enumerate() {
        let target = if i == course.leaves_way_at { course.end } else { *WAY.get(i + 1).unwrap_or(&"won") };
        if *left >= story.now() || target.is_empty() {
            break;
        }
        let cx = story.at(account.owner, *left);
        let mut change = Change::of("opportunity", id, Deed::Move { stage: target.to_owned() });
        if target == "lost" {
            let reason = *dice.one(&REASONS);
            change.patch.insert("lost_reason".into(), reason.into());
            if reason == "competitor" {
                change.patch.insert("competitor".into(), (*dice.one(&market.competitors)).into());
            }
        }
        put(&cx, tx, change)?;
        (stage, last) = (target, *left);
        if !WAY.contains(&target) {
            return Ok((last, false));
        }
    }
    follow_up(story, tx, account, id, stage, last, dice)?;
    Ok((last, true))
}

/// An open deal has a next step, written some days after its last move.
fn follow_up(story: &Story<'_>, tx: &mut Write, account: &Account, id: Id, stage: &str, last: Instant, dice: &mut Dice) -> Result<()> {
    let steps: Vec<_> = NEXT_STEPS.iter().filter(|(of, ..)| *of == stage).collect();
    let at = last.plus_seconds(dice.between(1, 6) * DAY / 2);
    if steps.is_empty() || at >= story.now() {
        return Ok(());
    }
    let (_, english, chinese) = **dice.one(&steps);
    let mut change = Change::of("opportunity", id, Deed::Edit);
    change.patch.insert("next_step".into(), if account.chinese { chinese } else { english }.into());
    let cx: Ctx = story.at(account.owner, at);
    put(&cx, tx, change)?;
    Ok(())
}

/// One to three products with price and quantity in the account's currency.
fn lines(market: &Market, account: &Account, dice: &mut Dice) -> Vec<(&'static str, Money, Number)> {
    let first = dice.between(0, market.products.len() as i64 - 1) as usize;
    (0..dice.between(1, 3) as usize)
        .map(|i| {
            let product = &market.products[(first + i * 5) % market.products.len()];
            let hundred_times_rate = match account.currency.code() {
                "EUR" => 92,
                "CNY" => 720,
                _ => 100,
            };
            let price = Money { amount: Amount(product.price * hundred_times_rate * 100), currency: account.currency };
            let most = if product.price > 4_000 { 6 } else { 40 };
            (product.name, price, Number::whole(dice.between(1, most)))
        })
        .collect()
}
