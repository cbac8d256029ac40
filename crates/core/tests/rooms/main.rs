//! The rooms of the core, tested without HTTP, on both databases.

mod office;
mod people;
mod saving;
mod seeing;
mod together;
