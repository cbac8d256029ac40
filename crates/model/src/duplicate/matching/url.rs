//! Addresses of pages, as comparisons see them.

/// The host of an address, in lower case, without port and without who signs in.
pub fn host(url: &str) -> String {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let place = rest.split(['/', '?', '#']).next().unwrap_or("");
    let place = place.rsplit_once('@').map_or(place, |(_, place)| place);
    let host = match place.rsplit_once(':') {
        Some((host, port)) if !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit()) => host,
        _ => place,
    };
    host.trim().to_lowercase()
}

/// Without scheme, `www.`, the usual ports, fragment and the slash at the end: what leads to the same page.
pub fn normal(url: &str) -> String {
    let url = url.trim();
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let rest = rest.split('#').next().unwrap_or(rest);
    let at = rest.find(['/', '?']).unwrap_or(rest.len());
    let (place, path) = rest.split_at(at);
    let place = place.to_lowercase();
    let place = place.rsplit_once('@').map_or(place.as_str(), |(_, place)| place);
    let place = place.strip_suffix(":443").or_else(|| place.strip_suffix(":80")).unwrap_or(place);
    format!("{}{}", place.strip_prefix("www.").unwrap_or(place), path.trim_end_matches('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_page_has_one_form() {
        for url in ["https://www.Acme.example/", "http://acme.example", "acme.example/#top", "HTTPS://user@ACME.example:443//"] {
            assert_eq!(normal(url), "acme.example", "{url}");
        }
        assert_eq!(normal("https://acme.example/Shop/?q=A"), "acme.example/Shop/?q=A");
        assert_ne!(normal("https://acme.example/a"), normal("https://acme.example/b"));
        assert_eq!(host("https://me@Acme.example:8080/x"), "acme.example");
    }
}
