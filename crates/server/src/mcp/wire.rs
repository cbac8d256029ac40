//! JSON-RPC 2.0 as the protocol uses it.

use serde_json::{Value as Json, json};

/// Versions of the protocol that are spoken, the newest first.
pub const VERSIONS: [&str; 4] = ["2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05"];

pub const INVALID_REQUEST: i64 = -32600;
pub const NO_METHOD: i64 = -32601;
pub const INVALID_PARAMS: i64 = -32602;
pub const NO_RESOURCE: i64 = -32002;

/// The client's version where it is spoken here, else the newest: the client then decides whether it stays.
pub fn agreed(wanted: &str) -> &'static str {
    VERSIONS.into_iter().find(|known| *known == wanted).unwrap_or(VERSIONS[0])
}

/// What a client sends.
pub enum Message<'a> {
    Asks {
        id: Json,
        method: &'a str,
        params: &'a Json,
    },
    /// Without an answer; so are answers, of which none is awaited here.
    Tells {
        method: &'a str,
        params: &'a Json,
    },
    Strange {
        id: Json,
    },
}

/// Reads a message.
pub fn read(message: &Json) -> Message<'_> {
    let id = message.get("id").filter(|id| id.is_string() || id.is_i64() || id.is_u64());
    let method = message.get("method").and_then(Json::as_str);
    let params = &message["params"];
    let fits = message["jsonrpc"] == "2.0" && (params.is_null() || params.is_object());
    match (method.filter(|_| fits), message.get("id"), id) {
        (Some(method), None, _) => Message::Tells { method, params },
        (Some(method), Some(_), Some(id)) => Message::Asks { id: id.clone(), method, params },
        (None, Some(_), Some(_)) if fits && (message.get("result").is_some() || message.get("error").is_some()) => {
            Message::Tells { method: "", params }
        }
        _ => Message::Strange { id: id.cloned().unwrap_or_default() },
    }
}

/// Why a message has no result: for the program that speaks to us, not for people.
#[derive(Debug)]
pub struct Fault {
    code: i64,
    message: String,
}

impl Fault {
    pub fn new(code: i64, message: &str) -> Fault {
        Fault { code, message: message.to_owned() }
    }
}

/// An answer.
pub fn result(id: &Json, result: &Json) -> Json {
    json!({"jsonrpc": "2.0", "id": id, "result": result})
}

/// An answer that there is none.
pub fn error(id: &Json, fault: &Fault) -> Json {
    json!({"jsonrpc": "2.0", "id": id, "error": {"code": fault.code, "message": fault.message}})
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_are_told_apart() {
        let kind = |json: Json| match read(&json) {
            Message::Asks { .. } => "asks",
            Message::Tells { .. } => "tells",
            Message::Strange { .. } => "strange",
        };
        assert_eq!(kind(json!({"jsonrpc": "2.0", "id": 1, "method": "ping"})), "asks");
        assert_eq!(kind(json!({"jsonrpc": "2.0", "id": "a", "method": "ping", "params": {}})), "asks");
        assert_eq!(kind(json!({"jsonrpc": "2.0", "method": "notifications/initialized"})), "tells");
        assert_eq!(kind(json!({"jsonrpc": "2.0", "id": 1, "result": {}})), "tells");
        for strange in [
            json!(1),
            json!({}),
            json!({"id": 1, "method": "ping"}),
            json!({"jsonrpc": "2.0", "id": null, "method": "ping"}),
            json!({"jsonrpc": "2.0", "id": {}, "method": "ping"}),
            json!({"jsonrpc": "2.0", "id": 1, "method": "ping", "params": []}),
            json!({"jsonrpc": "2.0", "id": 1}),
        ] {
            assert_eq!(kind(strange.clone()), "strange", "{strange}");
        }
    }

    #[test]
    fn the_clients_version_holds_where_it_is_spoken() {
        assert_eq!(agreed("2025-03-26"), "2025-03-26");
        assert_eq!(agreed("1999-01-01"), VERSIONS[0]);
    }
}
