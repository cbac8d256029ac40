//! Where a request comes from.

use std::net::{IpAddr, SocketAddr};
use std::str::FromStr;

use axum::extract::ConnectInfo;
use axum::http::request::Parts;

use crate::app::Edge;

/// A network, as `10.0.0.0/8`, or a single address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network {
    base: IpAddr,
    bits: u8,
}

impl Network {
    /// True when the address lies in it.
    pub fn contains(&self, address: IpAddr) -> bool {
        let same = |a: &[u8], b: &[u8]| {
            let (whole, rest) = (usize::from(self.bits / 8), self.bits % 8);
            a[..whole] == b[..whole] && (rest == 0 || (a[whole] ^ b[whole]) >> (8 - rest) == 0)
        };
        match (self.base, address.to_canonical()) {
            (IpAddr::V4(a), IpAddr::V4(b)) => same(&a.octets(), &b.octets()),
            (IpAddr::V6(a), IpAddr::V6(b)) => same(&a.octets(), &b.octets()),
            _ => false,
        }
    }
}

impl FromStr for Network {
    type Err = String;
    fn from_str(text: &str) -> Result<Network, String> {
        let say = || format!("`{text}` is neither an address nor a network: write 10.0.0.5 or 10.0.0.0/8");
        let (base, bits) = text.split_once('/').map_or((text, None), |(base, bits)| (base, Some(bits)));
        let base: IpAddr = base.trim().parse().map_err(|_| say())?;
        let all = if base.is_ipv4() { 32 } else { 128 };
        let bits = bits.map_or(Ok(all), |bits| bits.trim().parse().map_err(|_| say()))?;
        if bits > all { Err(say()) } else { Ok(Network { base, bits }) }
    }
}

/// The client of a request.
#[derive(Clone, Copy, Debug)]
pub struct Peer {
    pub address: IpAddr,
    /// It came by https, as far as can be known.
    pub secure: bool,
}

impl Peer {
    /// Who sent the request; a proxy is asked only when it is trusted, since everybody can write its headers.
    pub fn of(parts: &Parts, edge: &Edge) -> Peer {
        let direct = parts
            .extensions
            .get::<ConnectInfo<SocketAddr>>()
            .map_or(IpAddr::from([127, 0, 0, 1]), |ConnectInfo(peer)| peer.ip().to_canonical());
        let public = edge.public_url.as_deref().is_some_and(|url| url.starts_with("https://"));
        if !edge.trusts(direct) {
            return Peer { address: direct, secure: public };
        }
        let header = |name: &str| parts.headers.get_all(name).iter().filter_map(|v| v.to_str().ok()).collect::<Vec<_>>().join(",");
        // The last address that no trusted proxy stands for; what is left of it anybody may have written.
        let forwarded = header("x-forwarded-for");
        let address =
            forwarded.split(',').rev().filter_map(|part| part.trim().parse::<IpAddr>().ok()).find(|address| !edge.trusts(*address));
        let scheme = header("x-forwarded-proto");
        let by_https = scheme.rsplit(',').next().is_some_and(|scheme| scheme.trim().eq_ignore_ascii_case("https"));
        Peer { address: address.unwrap_or(direct), secure: public || by_https }
    }
}

/// The address that this server is known by: the one it was told; else what a trusted proxy says; else the request's own, where the server is
/// asked on its own machine. Anybody can write the header that names a host, so it is believed no further than that.
pub fn own_address(parts: &Parts, edge: &Edge) -> Option<String> {
    if let Some(url) = &edge.public_url {
        return Some(url.trim_end_matches('/').to_owned());
    }
    let text = |name: &str| parts.headers.get(name).and_then(|value| value.to_str().ok()).map(str::trim).filter(|text| !text.is_empty());
    let direct = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(peer)| peer.ip().to_canonical());
    let plain = |host: &&str| host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-:[]".contains(&byte));
    if direct.is_some_and(|direct| edge.trusts(direct))
        && let Some(host) = text("x-forwarded-host").filter(plain)
    {
        let scheme = if Peer::of(parts, edge).secure { "https" } else { "http" };
        return Some(format!("{scheme}://{host}"));
    }
    let host = text("host").filter(plain)?;
    let name = if host.starts_with('[') { host.split(']').next().unwrap_or("") } else { host.split(':').next().unwrap_or("") };
    ["localhost", "127.0.0.1", "[::1"].contains(&name).then(|| format!("http://{host}"))
}

#[cfg(test)]
mod tests {
    use axum::http::Request;

    use super::*;

    fn peer(edge: &Edge, direct: [u8; 4], headers: &[(&str, &str)]) -> Peer {
        let mut request = Request::builder().extension(ConnectInfo(SocketAddr::from((direct, 999))));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        Peer::of(&request.body(()).unwrap().into_parts().0, edge)
    }

    #[test]
    fn a_proxy_is_believed_only_when_it_is_trusted() {
        let edge = Edge { trusted_proxies: vec!["10.0.0.0/8".parse().unwrap()], public_url: None, ..Edge::default() };
        let headers = [("x-forwarded-for", "6.6.6.6, 93.184.216.34, 10.0.0.7"), ("x-forwarded-proto", "https")];
        let through = peer(&edge, [10, 1, 2, 3], &headers);
        assert_eq!((through.address, through.secure), (IpAddr::from([93, 184, 216, 34]), true));
        let liar = peer(&edge, [8, 8, 8, 8], &headers);
        assert_eq!((liar.address, liar.secure), (IpAddr::from([8, 8, 8, 8]), false));
    }

    #[test]
    fn a_host_is_believed_on_the_own_machine_and_by_a_trusted_proxy() {
        let of = |edge: &Edge, direct: [u8; 4], headers: &[(&str, &str)]| {
            let mut request = Request::builder().extension(ConnectInfo(SocketAddr::from((direct, 999))));
            for (name, value) in headers {
                request = request.header(*name, *value);
            }
            own_address(&request.body(()).unwrap().into_parts().0, edge)
        };
        let told = Edge { trusted_proxies: Vec::new(), public_url: Some("https://sales.example.com/".to_owned()), ..Edge::default() };
        assert_eq!(of(&told, [8, 8, 8, 8], &[("host", "evil.example")]).unwrap(), "https://sales.example.com");
        let plain = Edge::default();
        assert_eq!(of(&plain, [127, 0, 0, 1], &[("host", "localhost:8080")]).unwrap(), "http://localhost:8080");
        assert_eq!(of(&plain, [127, 0, 0, 1], &[("host", "[::1]:8080")]).unwrap(), "http://[::1]:8080");
        for host in ["evil.example", "127.0.0.1.evil.example", "localhost@evil.example", "localhost/evil", ""] {
            assert_eq!(of(&plain, [127, 0, 0, 1], &[("host", host)]), None, "{host}");
        }
        let behind = Edge { trusted_proxies: vec!["10.0.0.0/8".parse().unwrap()], public_url: None, ..Edge::default() };
        let headers = [("host", "backend"), ("x-forwarded-host", "sales.example.com"), ("x-forwarded-proto", "https")];
        assert_eq!(of(&behind, [10, 0, 0, 1], &headers).unwrap(), "https://sales.example.com");
        assert_eq!(of(&behind, [8, 8, 8, 8], &headers), None);
    }

    #[test]
    fn networks_are_read_and_refused_with_the_way_to_write_them() {
        assert!("10.1.0.0/15".parse::<Network>().unwrap().contains(IpAddr::from([10, 0, 3, 4])));
        assert!(!"10.1.0.0/16".parse::<Network>().unwrap().contains(IpAddr::from([10, 0, 3, 4])));
        assert!("::1".parse::<Network>().unwrap().contains("::1".parse().unwrap()));
        assert!("10.0.0.0/33".parse::<Network>().unwrap_err().contains("10.0.0.0/8"));
    }
}
