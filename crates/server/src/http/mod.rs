//! Handlers, a file per room of the core.

pub mod audit;
pub mod bulk;
pub mod docs;
pub mod events;
pub mod exports;
pub mod files;
pub mod health;
pub mod imports;
pub mod jobs;
pub mod me;
pub mod objects;
mod once;
pub mod organisation;
pub mod people;
pub mod processes;
pub mod provider;
pub mod records;
pub mod records_acts;
pub mod roles;
pub mod second_factor;
pub mod security;
pub mod seeing;
pub mod session;
pub mod sessions;
pub mod sharing;
mod show;
pub mod views;
