//! Quotes in every state: drafts, one whose discount waits for the manager, some with the customer, some answered, one in its second version.

use std::collections::BTreeSet;

use db::Write;
use db::records::Scope;
use model::{Id, Instant, Record};
use serde_json::{Value as Json, json};

use super::flows::{himself, read};
use super::{DAY, Story};
use crate::{Ctx, Error, Result, quotes, records};

/// What becomes of the quote of a deal, in days since it was made.
enum Course {
    Draft,
    /// Its discount on the whole, in percent: more than anybody may give by himself.
    Waits(&'static str),
    Sent,
    /// Sent, and made anew with a discount.
    Twice,
    Accepted,
    Rejected,
}

/// Of open deals, the oldest first.
const COURSES: [Course; 9] = [
    Course::Sent,
    Course::Twice,
    Course::Waits("18"),
    Course::Accepted,
    Course::Rejected,
    Course::Sent,
    Course::Draft,
    Course::Sent,
    Course::Draft,
];
/// Won deals whose quote was accepted before.
const WON: usize = 6;

/// Fills it: quotes of the deals that stand in proposal and negotiation, and of those that were won last.
pub fn fill(story: &Story<'_>, tx: &mut Write) -> Result<()> {
    let deals = deals(story, tx)?;
    let open = deals.iter().filter(|deal| matches!(deal.text("stage"), "proposal" | "negotiation"));
    for (n, (deal, course)) in open.zip(&COURSES).enumerate() {
        one(story, tx, deal, course, n)?;
    }
    let mut won: Vec<&Record> = deals.iter().filter(|deal| deal.text("stage") == "won").collect();
    won.sort_by_key(|deal| std::cmp::Reverse((deal.get("closed_at").as_instant(), deal.id)));
    for (n, deal) in won.into_iter().take(WON).enumerate() {
        one(story, tx, deal, &Course::Accepted, n)?;
    }
    Ok(())
}

/// Deals with lines, in the order in which they came into their stage.
fn deals(story: &Story<'_>, tx: &mut Write) -> Result<Vec<Record>> {
    const WHY: Scope<'static> = Scope::All("deals of the demo of which quotes are made");
    let object = story.meta.schema.object("opportunity").ok_or(Error::NotFound)?;
    let ids = db::records::ids_after(tx, object, None, 1_000)?;
    let mut deals = db::records::load(tx, &story.meta.schema, object, &WHY, &ids)?;
    deals.retain(|deal| !deal.get("lines_total").is_null() && deal.text("lifecycle_status") == "normal" && deal.owner().is_some());
    deals.sort_by_key(|deal| (deal.get("stage_entered_at").as_instant(), deal.id));
    Ok(deals)
}

fn one(story: &Story<'_>, tx: &mut Write, deal: &Record, course: &Course, n: usize) -> Result<()> {
    let owner = deal.owner().ok_or(Error::NotFound)?;
    let entered = deal.get("stage_entered_at").as_instant().unwrap_or(story.now());
    // As soon as it came there, and not so long ago that what was offered would be over.
    let latest = story.now().plus_seconds(-(8 - n as i64 % 5) * DAY);
    let at = std::cmp::max(entered.plus_seconds(3_600), latest);
    let at = std::cmp::min(at, story.now().plus_seconds(-4 * 3_600));
    let step = (story.now().0 - at.0) / 1_000_000 / 4;
    let mut day = |k: i64| -> Result<Ctx> { himself(story, tx, owner, at.plus_seconds(k * step)) };
    let (first, second, third) = (day(0)?, day(1)?, day(2)?);
    let made = quotes::from_deal(&first, tx, deal.id, &read(body(story, deal, course, n))?)?;
    let quote = id_of(&made["record"])?;
    let sent = |cx: &Ctx, tx: &mut Write, quote: Id| quotes::turn(cx, tx, quote, None, &read(json!({"status": "sent"}))?).map(|_| ());
    match course {
        Course::Draft => Ok(()),
        Course::Sent => sent(&second, tx, quote),
        Course::Waits(_) => match quotes::turn(&second, tx, quote, None, &read(json!({"status": "sent"}))?)?["result"].as_str() {
            Some("pending_approval") => Ok(()),
            _ => Err(Error::Internal("a discount that nobody has to approve".into())),
        },
        Course::Twice => {
            sent(&second, tx, quote)?;
            let next = id_of(&quotes::version(&third, tx, quote, None, &quotes::NewVersion::default())?["record"])?;
            records::update(&third, tx, "quote", next, None, &read(json!({"fields": {"discount": "5"}}))?)?;
            sent(&third, tx, next)
        }
        Course::Accepted => {
            sent(&second, tx, quote)?;
            quotes::turn(&third, tx, quote, None, &read(json!({"status": "accepted"}))?).map(|_| ())
        }
        Course::Rejected => {
            sent(&second, tx, quote)?;
            let why = if is_chinese(deal) { "超出客户今年的预算" } else { "Above what the customer may spend this year" };
            quotes::turn(&third, tx, quote, None, &read(json!({"status": "rejected", "reason": why}))?).map(|_| ())
        }
    }
}

/// What is asked for: terms in the customer's language, one in another currency than its deal.
fn body(story: &Story<'_>, deal: &Record, course: &Course, n: usize) -> Json {
    let zone = &story.meta.calendar.zone;
    let until: Instant = story.now().plus_seconds([2, 21, 30, 14, 5][n % 5] * DAY);
    let (payment, delivery) = match is_chinese(deal) {
        true => ("货到验收后 30 天内付款", "工厂交货，约 6 周"),
        false => ("30 days net", "Ex works, about six weeks"),
    };
    let tax = match deal.get("lines_total").as_money().map(|money| money.currency.code().to_owned()).as_deref() {
        Some("CNY") => "13",
        Some("EUR") => "19",
        _ => "0",
    };
    let mut fields = json!({"payment_terms": payment, "delivery_terms": delivery, "tax_rate": tax});
    if let Course::Waits(discount) = course {
        fields["discount"] = (*discount).into();
    }
    let mut body = json!({"valid_until": until.date_in(zone).to_string(), "fields": fields});
    // A customer at home who pays in dollars.
    if matches!(course, Course::Draft) && tax == "19" {
        body["currency"] = "USD".into();
    }
    body
}

fn is_chinese(deal: &Record) -> bool {
    let chinese: BTreeSet<char> = deal.text("name").chars().filter(|letter| *letter > '\u{2e80}').collect();
    !chinese.is_empty()
}

fn id_of(record: &Json) -> Result<Id> {
    record["id"].as_str().and_then(|id| id.parse().ok()).ok_or_else(|| Error::Internal("a quote without an id".into()))
}
