//! Views that the product ships, for everybody. They are put in once: an organisation changes or removes them like its own.

use db::{Db, Write};
use model::Id;
use model::Label;
use model::objects::{lead, opportunity, quote, sales_order};
use sea_query::{Expr, ExprTrait, Query};
use serde_json::{Value as Json, json};

use super::document::{Document, Scope, Sharing};
use super::store::{self, View};
use crate::{Error, Result};

/// A shipped view: its names, filter, columns and order, and the roles that begin with it.
struct Shipped {
    names: (&'static str, &'static str),
    filter: Json,
    columns: &'static [&'static str],
    sort: &'static str,
    begin: &'static [&'static str],
}

fn of_leads() -> [Shipped; 4] {
    let status = |status: &str| json!({"field": "lead_status", "op": "eq", "value": status});
    let open = json!({"field": "lead_status", "op": "in", "value": [lead::status::PENDING, lead::status::FOLLOWING]});
    [
        Shipped {
            names: ("My leads", "我的线索"),
            filter: json!({"all": [{"field": "owner", "op": "is_me"}, open]}),
            columns: &["name", "company", "lead_status", "phone", "email", "lead_source", "last_followed_at", "created_at"],
            sort: "-created_at",
            begin: &["salesperson"],
        },
        Shipped {
            names: ("Unassigned leads", "未分配线索"),
            filter: status(lead::status::UNASSIGNED),
            columns: &["name", "company", "city", "lead_source", "web_form", "created_at"],
            sort: "created_at",
            begin: &["sales_manager"],
        },
        Shipped {
            names: ("Leads to follow up", "待跟进线索"),
            filter: status(lead::status::PENDING),
            columns: &["name", "company", "owner", "phone", "email", "lead_source", "created_at"],
            sort: "created_at",
            begin: &[],
        },
        Shipped {
            names: ("Converted leads", "已转换线索"),
            filter: status(lead::status::CONVERTED),
            columns: &["name", "company", "owner", "account", "opportunity", "converted_at"],
            sort: "-converted_at",
            begin: &[],
        },
    ]
}

fn of_deals() -> [Shipped; 1] {
    let open = json!({"field": "stage_type", "op": "eq", "value": "in_progress"});
    [Shipped {
        names: ("Overdue in their stage", "阶段停留超时"),
        filter: json!({"all": [open, {"field": "stage_due_at", "op": "within", "value": "past"}]}),
        columns: &["name", "account", "stage", "stage_due_at", "owner", "amount", "expected_close_date"],
        sort: "stage_due_at",
        begin: &[],
    }]
}

fn of_quotes() -> [Shipped; 3] {
    let status = |keys: &[&str]| json!({"field": quote::STATUS, "op": "in", "value": keys});
    let latest = json!({"field": "current", "op": "eq", "value": true});
    let mine = json!({"field": "owner", "op": "is_me"});
    let open = status(&[quote::status::DRAFT, quote::status::IN_REVIEW, quote::status::SENT]);
    let out = status(&[quote::status::SENT]);
    [
        Shipped {
            names: ("My open quotes", "我的未结报价单"),
            filter: json!({"all": [mine, latest, open]}),
            columns: &["number", "name", "version_no", "quote_status", "account", "total", "total_discount", "valid_until"],
            sort: "valid_until",
            begin: &["salesperson"],
        },
        Shipped {
            names: ("Expiring this week", "本周到期"),
            filter: json!({"all": [latest, out, {"field": "valid_until", "op": "within", "value": "this_week"}]}),
            columns: &["number", "name", "account", "owner", "total", "valid_until"],
            sort: "valid_until",
            begin: &[],
        },
        Shipped {
            names: ("Expired without an answer", "已过期未答复"),
            filter: json!({"all": [latest, out, {"field": "valid_until", "op": "within", "value": "past"}]}),
            columns: &["number", "name", "account", "owner", "total", "valid_until", "sent_at"],
            sort: "-valid_until",
            begin: &[],
        },
    ]
}

fn of_orders() -> [Shipped; 3] {
    let status = |status: &str| json!({"field": sales_order::STATUS, "op": "eq", "value": status});
    [
        Shipped {
            names: ("Orders to confirm", "待确认订单"),
            filter: status(sales_order::status::DRAFT),
            columns: &["number", "name", "account", "opportunity", "total", "owner", "created_at"],
            sort: "-created_at",
            begin: &[],
        },
        Shipped {
            names: ("Confirmed orders", "已确认订单"),
            filter: status(sales_order::status::CONFIRMED),
            columns: &["number", "name", "account", "total", "order_date", "delivery_date", "customer_reference", "owner"],
            sort: "-order_date",
            begin: &[],
        },
        Shipped {
            names: ("Cancelled orders", "已取消订单"),
            filter: status(sales_order::status::CANCELLED),
            columns: &["number", "name", "account", "total", "cancelled_at", "cancelled_reason", "owner"],
            sort: "-cancelled_at",
            begin: &[],
        },
    ]
}

/// Puts the shipped views in where they have not been yet.
pub(crate) fn install(db: &Db) -> Result<()> {
    install_once(db, "views:sales_order", sales_order::KEY, of_orders)?;
    install_once(db, "views:lead", lead::KEY, of_leads)?;
    install_once(db, "views:opportunity", opportunity::KEY, of_deals)?;
    install_once(db, "views:quote", quote::KEY, of_quotes)
}

fn install_once<const N: usize>(db: &Db, mark: &str, object: &str, shipped: fn() -> [Shipped; N]) -> Result<()> {
    let there = |tx: &mut db::Read| -> Result<bool> {
        Ok(tx.optional(Query::select().column("n").from("counter").and_where(Expr::col("key").eq(mark)))?.is_some())
    };
    if db.read(there)? {
        return Ok(());
    }
    db.write::<_, Error>(|tx| {
        // Several servers may start at once.
        tx.lock(&[mark.to_owned()])?;
        if there(tx)? {
            return Ok(());
        }
        for shipped in shipped() {
            put(tx, object, shipped)?;
        }
        Ok(tx.insert_rows("counter", &["key", "n"], vec![vec![mark.into(), 1_i64.into()]])?)
    })
}

/// The same in every organisation.
fn id_of(object: &str, name: &str) -> Id {
    use sha2::{Digest, Sha256};
    let digest = Sha256::digest(format!("view of {object}: {name}"));
    let mut bytes = [0; 10];
    bytes.copy_from_slice(&digest[..10]);
    Id::from_parts(0, bytes)
}

fn put(tx: &mut Write, object: &str, shipped: Shipped) -> Result<()> {
    let (en, zh) = shipped.names;
    let sharing = Sharing { scope: Scope::Everybody, roles: Vec::new() };
    let document = Document {
        names: Some(Label::new(en, zh)),
        filter: Some(shipped.filter),
        columns: shipped.columns.iter().map(|key| (*key).to_owned()).collect(),
        sort: Some(shipped.sort.to_owned()),
        ..Document::new(object, en, sharing)
    };
    let view = View { id: id_of(object, en), owner: Id::SYSTEM, version: 1, document };
    store::insert(tx, &view)?;
    let begin: Vec<String> = shipped.begin.iter().map(|role| (*role).to_owned()).collect();
    store::set_defaults(tx, &view, &begin)
}
