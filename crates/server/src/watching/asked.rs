//! The request that a task works for, wherever in it one stands: for the log, and for requests to programs elsewhere that are part of it.

use std::sync::Arc;

use axum::http::HeaderMap;
use db::watch::Task;

/// The request.
#[derive(Clone, Debug)]
pub struct Asked {
    /// What it costs in the database, and whose it turns out to be.
    pub task: Arc<Task>,
    /// The trace that it belongs to, where its caller or a tracing of one's own says so.
    pub trace: Option<Trace>,
}

tokio::task_local! {
    static ASKED: Asked;
}

/// Answers a request as a part of it.
pub async fn answering<T>(asked: Asked, work: impl Future<Output = T>) -> T {
    ASKED.scope(asked, work).await
}

/// What the request costs, where there is one.
pub fn task() -> Option<Arc<Task>> {
    ASKED.try_with(|asked| asked.task.clone()).ok()
}

/// `traceparent` for a request to a program elsewhere, where what asks belongs to a trace.
pub fn traceparent() -> Option<String> {
    #[cfg(feature = "otel")]
    if let Some(own) = crate::otel::traceparent() {
        return Some(own);
    }
    ASKED.try_with(|asked| asked.trace.as_ref().map(Trace::going_on)).ok().flatten()
}

/// A trace as W3C's `traceparent` tells it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trace {
    id: String,
    parent: String,
    flags: u8,
}

impl Trace {
    /// What the headers say; nothing where they say nothing that can be understood.
    pub fn of(headers: &HeaderMap) -> Option<Trace> {
        let mut given = headers.get_all("traceparent").iter();
        let (first, None) = (given.next()?, given.next()) else { return None };
        Trace::read(first.to_str().ok()?)
    }

    fn read(text: &str) -> Option<Trace> {
        let mut parts = text.trim().split('-');
        let (version, id, parent, flags) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
        let hex = |part: &str, long: usize| part.len() == long && part.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
        let named = |part: &str| part.bytes().any(|b| b != b'0');
        let whole = hex(version, 2) && hex(id, 32) && hex(parent, 16) && hex(flags, 2) && named(id) && named(parent);
        // Version 00 has four parts; a later one may have more, and `ff` is none.
        if !whole || version == "ff" || version == "00" && parts.next().is_some() {
            return None;
        }
        Some(Trace { id: id.to_owned(), parent: parent.to_owned(), flags: u8::from_str_radix(flags, 16).ok()? })
    }

    /// Its id.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// As it is given on: the same trace, from a place of its own in it.
    fn going_on(&self) -> String {
        format!("00-{}-{:016x}-{:02x}", self.id, rand::random_range(1..=u64::MAX), self.flags & 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GIVEN: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    #[test]
    fn a_trace_is_read_and_given_on_from_another_place() {
        let trace = Trace::read(GIVEN).unwrap();
        assert_eq!(trace.id(), "4bf92f3577b34da6a3ce929d0e0e4736");
        let next = Trace::read(&trace.going_on()).unwrap();
        assert_eq!((next.id(), next.flags), (trace.id(), 1));
        assert_ne!(next.parent, trace.parent);
        assert!(Trace::read("cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-what-comes").is_some());
    }

    #[test]
    fn what_is_no_trace_is_passed_over() {
        for text in [
            "",
            "00",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more",
            "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
            "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
            "00-4bf92f3577b34da6a3ce929d0e0e473-600f067aa0ba902b7-01",
        ] {
            assert_eq!(Trace::read(text), None, "{text}");
        }
        let mut headers = HeaderMap::new();
        headers.append("traceparent", GIVEN.parse().unwrap());
        assert!(Trace::of(&headers).is_some());
        headers.append("traceparent", GIVEN.parse().unwrap());
        assert_eq!(Trace::of(&headers), None, "two of them are none");
    }
}
