//! The API as its callers see it: in process, on both databases.

mod access;
mod activities;
mod assets;
mod calendars;
mod conflicts;
mod conventions;
mod description;
mod door;
mod exports;
mod imports;
mod leads;
mod leaving;
mod live;
mod moves;
mod notices;
mod office;
mod provider;
mod refusals;
mod roles;
mod session;
mod shaping;
mod sharing;
mod sign_in;
mod snapshots;
mod texts;
mod webhooks;
