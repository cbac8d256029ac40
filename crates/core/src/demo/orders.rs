//! What customers have ordered: most deals that are won and have lines.

use db::Write;
use db::records::{Bin, Query, Scope, Sort};
use model::objects::sales_order::{KEY, STATUS, status};
use model::{Id, Record, Value};

use super::dice::Dice;
use super::market::{new, owned};
use super::{DAY, Story, put};
use crate::orders::lines_of;
use crate::save::{Change, Deed, save};
use crate::{Error, Result};

/// Won deals that are looked at.
const MOST: u32 = 400;

/// Fills it, the deal that was won first to begin with.
pub fn fill(story: &Story<'_>, tx: &mut Write) -> Result<()> {
    let mut dice = Dice::new(511);
    for deal in won(story, tx)? {
        let (Some(closed), Some(owner)) = (deal.get("closed_at").as_instant(), deal.owner()) else { continue };
        let made = closed.plus_seconds(dice.between(2, 30) * 3_600);
        let confirmed = made.plus_seconds(dice.between(4, 70) * 3_600);
        let (ordered, cancelled, number) = (dice.percent(85), dice.percent(6), dice.between(10_000, 99_999));
        if !ordered || made >= story.now() || deal.get("lines_total").is_null() {
            continue;
        }
        let cx = story.at(owner, made);
        let fields: [(&str, Value); 2] = [("opportunity", deal.id.into()), ("customer_reference", format!("PO {number}").into())];
        let order = save(&cx, tx, owned(new(KEY, fields), owner))?.record;
        lines_of(&cx, tx, &deal, &order, None)?;
        if confirmed >= story.now() {
            continue;
        }
        let day = confirmed.plus_seconds(dice.between(20, 50) * DAY).date_in(&story.meta.calendar.zone);
        let fields = [(STATUS, Value::from(status::CONFIRMED)), ("delivery_date", day.into())];
        put(&story.at(owner, confirmed), tx, edit(order.id, &fields))?;
        let later = confirmed.plus_seconds(5 * DAY);
        if cancelled && later < story.now() {
            let fields = [
                (STATUS, Value::from(status::CANCELLED)),
                ("cancelled_reason", Value::from("The customer has put the project off by a year")),
            ];
            put(&story.at(owner, later), tx, edit(order.id, &fields))?;
        }
    }
    Ok(())
}

fn edit(id: Id, fields: &[(&str, Value)]) -> Change {
    let mut change = Change::of(KEY, id, Deed::Edit);
    change.patch.extend(fields.iter().map(|(field, value)| ((*field).to_owned(), value.clone())));
    change
}

fn won(story: &Story<'_>, tx: &mut Write) -> Result<Vec<Record>> {
    use model::condition::{Check, Resolved, Test};
    let object = story.meta.schema.object("opportunity").ok_or(Error::NotFound)?;
    let check = Check::Equal(Value::from("won"));
    let condition =
        Resolved::Test(Test { hops: Vec::new(), field: "stage_type".into(), kind: model::field::Kind::Key, folded: false, check });
    let sort = Sort { field: "closed_at".into(), descending: false };
    let query = Query { condition: Some(&condition), words: None, sort, cursor: None, limit: MOST, bin: Bin::Out };
    Ok(db::records::list(tx, &story.meta.schema, object, &Scope::All("demo data"), &query)?.records)
}
