//! Records of any object: lists, reading, creating, editing, the acts every object has. Knows no object by name.

mod acts;
mod clone;
mod delete;
mod edit;
mod find;
mod groups;
mod history;
mod list;
mod money;
mod show;
pub mod team;

use db::Read;
use model::{Id, Object, Record};

use crate::{Ctx, Error, Result};

pub use acts::{ChangeOwner, Reason, Submit, change_owner, complete_task, lock, reopen_task, restore, submit, unlock, void};
pub use clone::{Clone, clone};
pub use delete::delete_for_good;
pub use edit::{Create, Update, create, update};
pub(crate) use edit::{answer, read_fields, read_fields_in};
pub use find::by_external;
pub use groups::{GroupsRequest, groups};
pub use history::{HistoryRequest, history};
pub(crate) use list::{Asked, asked, bin, resolve, sort};
pub use list::{ListRequest, list};
pub(crate) use money::{convert_open, convert_open_by_and_by, has_amounts_in, has_money, in_main_currency, open_amounts};
pub(crate) use show::{Refs, names_of, show, show_one, show_rows, shown_fields};
pub use team::{TeamMember, set_team, set_team_seen, team};

/// One record in the caller's scope.
pub(crate) fn load(cx: &Ctx, tx: &mut Read, object: &Object, id: Id) -> Result<Record> {
    db::records::load(tx, &cx.meta.schema, object, &cx.scope(), &[id])?.into_iter().next().ok_or(Error::NotFound)
}

/// One record with what the caller may do to it.
pub fn read(cx: &Ctx, tx: &mut Read, object: &str, id: Id) -> Result<serde_json::Value> {
    let object = cx.object(object)?;
    let record = load(cx, tx, object, id)?;
    show_one(cx, tx, object, &record)
}
