//! What the database promises, on both engines.

mod conditions;
mod locks;
mod matching;
mod migrating;
mod objects;
mod outbox;
mod records;
mod reporting;
mod scope;
mod search;
mod transactions;
