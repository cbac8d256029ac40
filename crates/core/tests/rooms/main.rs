//! The rooms of the core, tested without HTTP, on both databases.

mod belonging;
mod budget;
mod bulk;
mod checked;
mod cloning;
mod command;
mod definitions;
mod demo;
mod groups;
mod hidden;
mod imports;
mod leaving;
mod lines;
mod locking;
mod office;
mod people;
mod reckoning;
mod references;
mod roles;
mod saving;
mod search;
mod seeing;
mod shaping;
mod together;
mod trace;
mod views;
