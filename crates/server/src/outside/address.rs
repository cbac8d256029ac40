//! Which addresses may be asked. Whoever types an address in must not be able to make this server speak to what only it can reach: itself, its
//! neighbours, the cloud's own services.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use axum::http::Uri;

use crate::edge::Network;

/// What may be asked besides public addresses by https.
#[derive(Clone, Debug, Default)]
pub struct Outside {
    /// Networks that may be asked though they are private, and by plain http.
    pub allowed: Vec<Network>,
}

/// Why an address is not asked; a code, as it is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// It cannot be read, or has a user or fragment in it.
    Malformed,
    /// Plain http is for networks that the configuration names.
    NotHttps,
    /// It leads to an address that is not public.
    NotPublic,
}

impl Refused {
    /// As violations have it.
    pub fn code(self) -> &'static str {
        match self {
            Refused::Malformed => "webhook.address_malformed",
            Refused::NotHttps => "webhook.address_not_https",
            Refused::NotPublic => "webhook.address_not_public",
        }
    }
}

/// Where a request goes.
#[derive(Clone, Debug, PartialEq)]
pub struct Place {
    pub secure: bool,
    pub host: String,
    pub port: u16,
    /// Path with query.
    pub path: String,
    /// Host with port, as it was written.
    pub authority: String,
}

impl Place {
    /// Reads an address.
    pub fn read(address: &str) -> Result<Place, Refused> {
        if address.contains('#') || address.chars().any(|c| c.is_whitespace() || c.is_control()) {
            return Err(Refused::Malformed);
        }
        let uri: Uri = address.parse().map_err(|_| Refused::Malformed)?;
        let secure = match uri.scheme_str() {
            Some("https") => true,
            Some("http") => false,
            _ => return Err(Refused::Malformed),
        };
        let authority = uri.authority().map(|authority| authority.as_str()).unwrap_or_default();
        let host = uri.host().unwrap_or_default().trim_matches(['[', ']']);
        // A name and password in an address end up in logs, and hide whom it really names.
        if host.is_empty() || authority.contains('@') || authority.ends_with(':') {
            return Err(Refused::Malformed);
        }
        Ok(Place {
            secure,
            host: host.to_owned(),
            port: uri.port_u16().unwrap_or(if secure { 443 } else { 80 }),
            path: uri.path_and_query().map_or("/", |path| path.as_str()).to_owned(),
            authority: authority.to_owned(),
        })
    }
}

impl Outside {
    /// What can be said against an address before it is asked for by name.
    pub fn judge(&self, address: &str) -> Result<Place, Refused> {
        let place = Place::read(address)?;
        if let Ok(literal) = place.host.parse::<IpAddr>() {
            self.may_ask(place.secure, literal)?;
        } else if !place.secure && self.allowed.is_empty() {
            return Err(Refused::NotHttps);
        }
        Ok(place)
    }

    /// The addresses behind a name, judged: each of them, since anybody may put a private one beside a public one.
    pub fn judge_all(&self, secure: bool, found: &[SocketAddr]) -> Result<(), Refused> {
        if found.is_empty() {
            return Err(Refused::Malformed);
        }
        found.iter().try_for_each(|address| self.may_ask(secure, address.ip()))
    }

    fn may_ask(&self, secure: bool, address: IpAddr) -> Result<(), Refused> {
        if self.allowed.iter().any(|network| network.contains(address)) {
            return Ok(());
        }
        if !is_public(address) {
            return Err(Refused::NotPublic);
        }
        if secure { Ok(()) } else { Err(Refused::NotHttps) }
    }
}

/// True for addresses that anybody may reach: what is left when everything set aside for another purpose is taken away.
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    !matches!(
        (a, b, c),
        // "This" network, private ones, carriers' own, loopback, link-local with the clouds' metadata.
        (0 | 10 | 127, _, _) | (100, 64..=127, _) | (169, 254, _) | (172, 16..=31, _) | (192, 168, _)
        // Set aside: protocols, examples, relays, measurements, multicast and what lies above.
        | (192, 0, 0 | 2) | (192, 88, 99) | (192, 31, 196) | (192, 52, 193) | (192, 175, 48) | (198, 18..=19, _) | (198, 51, 100) | (203, 0, 113)
        | (224..=255, _, _)
    )
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let parts = address.segments();
    let embedded = |high: u16, low: u16| {
        let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
        is_public_v4(Ipv4Addr::new(a, b, c, d))
    };
    match parts {
        // Another way to write an address of version 4: mapped, by translation (RFC 6052), by 6to4.
        [0, 0, 0, 0, 0, 0xffff, high, low] | [0x64, 0xff9b, 0, 0, 0, 0, high, low] | [0x2002, high, low, ..] => embedded(high, low),
        // Teredo, ORCHID and other protocols, documentation.
        [0x2001, 0..=0x1ff, ..] | [0x2001, 0xdb8, ..] | [0x3fff, 0..=0xfff, ..] => false,
        // Everything that is handed out to the public begins so; loopback, local, link-local, multicast and the rest do not.
        [0x2000..=0x3fff, ..] => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_public_is_not_asked() {
        let private = [
            "0.0.0.0",
            "0.1.2.3",
            "10.0.0.1",
            "10.255.255.255",
            "100.64.0.1",
            "100.127.255.255",
            "127.0.0.1",
            "127.255.0.9",
            "169.254.0.1",
            "169.254.169.254",
            "169.254.170.2",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.1",
            "192.0.0.192",
            "192.0.2.5",
            "192.88.99.1",
            "192.168.1.1",
            "198.18.0.1",
            "198.19.255.255",
            "198.51.100.7",
            "203.0.113.9",
            "224.0.0.1",
            "239.1.2.3",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::127.0.0.1",
            "::ffff:10.0.0.1",
            "::ffff:127.0.0.1",
            "::ffff:169.254.169.254",
            "64:ff9b::7f00:1",
            "64:ff9b::a9fe:a9fe",
            "64:ff9b:1::1",
            "100::1",
            "2001::1",
            "2001:db8::1",
            "2002:7f00:1::",
            "2002:a9fe:a9fe::1",
            "3fff::1",
            "fc00::1",
            "fd00:ec2::254",
            "fe80::1",
            "fec0::1",
            "ff02::1",
            "5f00::1",
        ];
        for text in private {
            assert!(!is_public(text.parse().unwrap()), "{text}");
        }
        let public = [
            "1.1.1.1",
            "8.8.8.8",
            "100.63.0.1",
            "100.128.0.1",
            "172.15.0.1",
            "172.32.0.1",
            "193.0.0.1",
            "223.255.255.255",
            "2606:4700::1111",
            "::ffff:8.8.8.8",
            "64:ff9b::808:808",
            "2a00:1450::1",
        ];
        for text in public {
            assert!(is_public(text.parse().unwrap()), "{text}");
        }
    }

    #[test]
    fn an_address_is_judged_before_it_is_looked_up() {
        let strict = Outside::default();
        let refused = |address: &str| strict.judge(address).err();
        for (address, why) in [
            ("ftp://example.com/", Refused::Malformed),
            ("example.com/hook", Refused::Malformed),
            ("/hook", Refused::Malformed),
            ("https://", Refused::Malformed),
            ("https://user:secret@example.com/", Refused::Malformed),
            ("https://good.example.com@127.0.0.1/", Refused::Malformed),
            ("https://example.com/#x", Refused::Malformed),
            ("https://exa mple.com/", Refused::Malformed),
            ("https://example.com/\r\nX: y", Refused::Malformed),
            ("file:///etc/passwd", Refused::Malformed),
            ("gopher://127.0.0.1:70/", Refused::Malformed),
            ("http://example.com/", Refused::NotHttps),
            ("http://8.8.8.8/", Refused::NotHttps),
            ("https://127.0.0.1/", Refused::NotPublic),
            ("https://127.0.0.1:8443/", Refused::NotPublic),
            ("https://[::1]/", Refused::NotPublic),
            ("https://[::ffff:169.254.169.254]/latest/meta-data", Refused::NotPublic),
            ("http://169.254.169.254/latest/meta-data", Refused::NotPublic),
            ("https://10.1.2.3/", Refused::NotPublic),
        ] {
            assert_eq!(refused(address), Some(why), "{address}");
        }
        assert_eq!(strict.judge("https://example.com/a?b=c").unwrap().path, "/a?b=c");
        assert_eq!(strict.judge("https://example.com:8443").unwrap().port, 8443);
    }

    #[test]
    fn what_the_configuration_names_may_be_asked() {
        let open = Outside { allowed: vec!["10.0.0.0/8".parse().unwrap(), "127.0.0.1".parse().unwrap()] };
        for address in ["http://10.2.3.4/", "https://10.2.3.4/", "http://127.0.0.1:9000/hook", "http://hooks.internal/"] {
            assert!(open.judge(address).is_ok(), "{address}");
        }
        assert_eq!(open.judge("http://127.0.0.2/").err(), Some(Refused::NotPublic));
        assert_eq!(open.judge("http://8.8.8.8/").err(), Some(Refused::NotHttps));
        let found = |list: &[&str]| list.iter().map(|text| text.parse::<SocketAddr>().unwrap()).collect::<Vec<_>>();
        assert_eq!(open.judge_all(true, &found(&["10.0.0.1:443", "8.8.8.8:443"])), Ok(()));
        assert_eq!(open.judge_all(false, &found(&["10.0.0.1:80", "8.8.8.8:80"])), Err(Refused::NotHttps));
        assert_eq!(open.judge_all(true, &found(&["8.8.8.8:443", "192.168.0.1:443"])), Err(Refused::NotPublic));
        assert_eq!(open.judge_all(true, &[]), Err(Refused::Malformed));
    }
}
