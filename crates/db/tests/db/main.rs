//! What the database promises, on both engines.

mod conditions;
mod locks;
mod objects;
mod outbox;
mod records;
mod scope;
mod search;
mod transactions;
