//! One room per capability: facts, judgement, writing. Synchronous; knows no HTTP.
//!
//! Every call takes a [`Ctx`] (who, why, when, the metadata as of this transaction) and the transaction itself.
//! Every write of a record goes through [`save`].

pub mod access;
mod activities;
pub mod analysis;
pub mod approvals;
pub mod audit;
pub mod bulk;
pub mod calendars;
pub mod check;
pub mod comments;
pub mod ctx;
pub mod demo;
pub mod duplicates;
pub mod error;
pub mod events;
pub mod exports;
pub mod files;
mod frozen;
pub mod holding;
pub mod house;
pub mod housekeeping;
pub mod idempotency;
pub mod identity;
pub mod imports;
pub mod jobs;
pub mod leads;
pub mod lines;
pub mod mail;
pub mod merging;
pub mod meta;
pub mod notices;
pub mod objects;
pub mod orders;
pub mod organisation;
pub mod people;
pub mod pools;
pub mod printing;
pub mod processes;
pub mod quotes;
pub mod recent;
pub mod reckoning;
pub mod records;
pub mod reminders;
pub mod roles;
pub mod rules;
pub mod save;
pub mod search;
pub mod seeing;
pub mod sharing;
mod sight;
pub mod stage_tasks;
pub mod timeline;
pub mod todo;
pub mod totals;
mod veil;
pub mod views;
pub mod web_forms;
pub mod webhooks;
mod world;

pub use ctx::{Credential, Ctx, Purpose};
pub use db::Limits;
pub use error::{Error, Result};
pub use house::House;
pub use meta::Meta;
