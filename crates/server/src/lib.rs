//! The way from the network to the core and back: HTTP, server-sent events, the command line, the embedded web app.
//!
//! Handlers in [`http`] are thin: they read what was asked, go through the [`door`] into the synchronous core, and show what came
//! back. No rule of the product lives here.

pub mod app;
pub mod assets;
pub mod cli;
pub mod config;
pub mod door;
pub mod edge;
pub mod guides;
pub mod http;
pub mod listen;
pub mod live;
pub mod mcp;
pub mod messages;
pub mod openapi;
#[cfg(feature = "otel")]
pub mod otel;
pub mod outside;
pub mod post;
pub mod problem;
mod provider;
pub mod router;
pub mod watching;
pub mod webhooks;

pub use app::App;
