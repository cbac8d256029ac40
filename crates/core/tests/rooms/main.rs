//! The rooms of the core, tested without HTTP, on both databases.

mod budget;
mod hidden;
mod office;
mod people;
mod saving;
mod seeing;
mod together;
