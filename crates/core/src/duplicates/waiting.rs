//! Requests to join among what waits for a person.

use db::Read;
use model::{Id, Instant};
use sea_query::{Expr, ExprTrait, Order, Query};
use serde_json::{Value as Json, json};

use super::joining::{self, COLUMNS, Request};
use crate::records::Refs;
use crate::{Ctx, Result};

/// As the list calls them.
pub(crate) const KIND: &str = "join_request";

/// A request that waits for an answer, with what the record is called.
pub(crate) struct Waiting {
    request: Request,
    name: String,
}

/// Those that wait for an answer of one of these people, the first due first; of others' than the caller's own as far as he sees the record.
pub(crate) fn open(cx: &Ctx, tx: &mut Read, people: &[Id]) -> Result<Vec<Waiting>> {
    let select = Query::select()
        .columns(COLUMNS)
        .from("join_request")
        .and_where(Expr::col("of_id").is_in(people.iter().map(|id| id.0)))
        .and_where(Expr::col("by_id").ne(cx.who.id.0))
        .and_where(Expr::col("state").eq("open"))
        .and_where(Expr::col("answer_by").gt(cx.at.0))
        .order_by("answer_by", Order::Asc)
        .order_by("id", Order::Asc)
        .to_owned();
    let mut open = Vec::new();
    for row in tx.all(&select)? {
        let request = Request::read(&row)?;
        if let Some(name) = joining::name(cx, tx, &request)? {
            open.push(Waiting { request, name });
        }
    }
    Ok(open)
}

impl Waiting {
    /// Which it is.
    pub fn id(&self) -> Id {
        self.request.id
    }

    /// Until when it is to be answered.
    pub fn due(&self) -> Instant {
        self.request.answer_by
    }

    /// It as the list shows it. It is answered where requests are.
    pub fn show(&self, cx: &Ctx, refs: &mut Refs) -> Json {
        let Request { id, object, record, by, of, answer_by, .. } = &self.request;
        refs.note(object, *record);
        [by, of].into_iter().for_each(|person| refs.note("employee", *person));
        json!({
            "kind": KIND, "id": id.to_string(), "title": self.name, "object": object, "record": record.to_string(), "item_object": KIND,
            "version": 1, "due_at": answer_by.to_string(), "overdue": false, "priority": null, "assignee": of.to_string(), "can": [],
            "on_behalf_of": (*of != cx.who.id).then(|| of.to_string()), "by": by.to_string(),
        })
    }
}
