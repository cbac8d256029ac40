//! Whoever orders is a customer.

use std::collections::BTreeMap;

use db::Write;
use db::records::Scope;
use model::objects::sales_order::{KEY, STATUS, status};
use model::{Id, Object, Value, Violation};

use crate::save::{Change, Deed, Working, save_as_system, whole};
use crate::{Ctx, Error, Result};

/// Statuses of an account that end with an order.
const BEFORE: [&str; 3] = ["prospect", "former", ""];
const CUSTOMER: &str = "customer";

/// Accounts of orders that are about to be confirmed become customers, in the same transaction and by the one way; what stands against that
/// stands against the order. Accounts are locked with the orders.
pub(crate) fn customers(cx: &Ctx, tx: &mut Write, object: &Object, work: &mut [Working]) -> Result<()> {
    if object.key != KEY {
        return Ok(());
    }
    let mut orders: BTreeMap<Id, Vec<usize>> = BTreeMap::new();
    for (at, item) in work.iter().enumerate() {
        let confirms = item.changes(STATUS) && item.after.text(STATUS) == status::CONFIRMED;
        if let Some(account) = item.after.reference("account").filter(|_| confirms && item.is_sound() && item.begun.is_none()) {
            orders.entry(account).or_default().push(at);
        }
    }
    let Some(account) = cx.meta.schema.object("account").filter(|_| !orders.is_empty()) else { return Ok(()) };
    // An organisation that has put the option aside has a way of its own.
    if !account.options("status").iter().any(|option| option.key == CUSTOMER && option.active) {
        return Ok(());
    }
    let ids: Vec<Id> = orders.keys().copied().collect();
    let scope = Scope::All("who orders is a customer");
    let accounts = db::records::load(tx, &cx.meta.schema, account, &scope, &ids)?;
    for record in accounts.iter().filter(|record| BEFORE.contains(&record.text("status"))) {
        let mut change = Change::of("account", record.id, Deed::Edit);
        change.patch.insert("status".to_owned(), Value::Text(CUSTOMER.to_owned()));
        tx.next_act();
        let saved = whole(tx, |tx| save_as_system(cx, tx, "who orders is a customer", change))?;
        let found = match saved {
            Ok(_) => continue,
            Err(Error::Invalid(found) | Error::Unmet(found)) => found,
            Err(other) => return Err(other),
        };
        let told = |violation: &Violation| {
            let path = format!("account/{}", violation.path).trim_end_matches('/').to_owned();
            Violation { path, ..violation.clone() }.with("of", "account")
        };
        for at in orders.get(&record.id).into_iter().flatten() {
            work[*at].findings.extend(found.iter().map(told));
        }
    }
    Ok(())
}
