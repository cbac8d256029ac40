//! Addresses with questions in them.

/// Percent-encodes everything but what never needs it (RFC 3986, unreserved).
pub fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => out.push(char::from(byte)),
            other => out.push_str(&format!("%{other:02X}")),
        }
    }
    out
}

/// `a=1&b=2`.
pub fn form(pairs: &[(&str, &str)]) -> String {
    pairs.iter().map(|(key, value)| format!("{}={}", escaped(key), escaped(value))).collect::<Vec<_>>().join("&")
}

/// The address with these questions besides those that it has already.
pub fn with_query(address: &str, pairs: &[(&str, &str)]) -> String {
    let joint = if address.contains('?') { '&' } else { '?' };
    format!("{address}{joint}{}", form(pairs))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_value_ends_it() {
        assert_eq!(with_query("https://a/b?x=1", &[("to", "a&b=c d/é")]), "https://a/b?x=1&to=a%26b%3Dc%20d%2F%C3%A9");
        assert_eq!(with_query("https://a/b", &[("q", "")]), "https://a/b?q=");
    }
}
