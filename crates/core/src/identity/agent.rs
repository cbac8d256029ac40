//! What a browser calls itself, in words.

use serde::Serialize;

/// Device, browser and system, as far as the name of an agent tells them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Agent {
    /// `desktop`, `phone`, `tablet`, or `program` for what is no browser.
    pub device: &'static str,
    pub browser: Option<&'static str>,
    pub system: Option<&'static str>,
}

/// In this order, since most browsers name others besides themselves.
const BROWSERS: [(&str, &str); 12] = [
    ("Edg/", "Edge"),
    ("EdgA/", "Edge"),
    ("EdgiOS/", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("MicroMessenger/", "WeChat"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chromium/", "Chromium"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
];

const SYSTEMS: [(&str, &str); 7] = [
    ("iPhone", "iOS"),
    ("iPad", "iPadOS"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("CrOS", "ChromeOS"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
];

/// Reads the name that an agent gives itself.
pub fn of(name: &str) -> Agent {
    let of = |list: &[(&str, &'static str)]| list.iter().find(|(mark, _)| name.contains(mark)).map(|(_, called)| *called);
    let (browser, system) = (of(&BROWSERS), of(&SYSTEMS));
    let device = match system {
        _ if browser.is_none() => "program",
        Some("iPadOS") => "tablet",
        Some("iOS") => "phone",
        Some("Android") if name.contains("Mobile") => "phone",
        Some("Android") => "tablet",
        _ => "desktop",
    };
    Agent { device, browser, system }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agents_are_told_apart() {
        for (name, device, browser, system) in [
            (
                "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36",
                "desktop",
                "Chrome",
                "Linux",
            ),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0",
                "desktop",
                "Edge",
                "Windows",
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 Version/18.1 Mobile/15E148 Safari/604.1",
                "phone",
                "Safari",
                "iOS",
            ),
            ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:130.0) Gecko/20100101 Firefox/130.0", "desktop", "Firefox", "macOS"),
            ("Mozilla/5.0 (Linux; Android 15; SM-X200) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36", "tablet", "Chrome", "Android"),
        ] {
            assert_eq!(of(name), Agent { device, browser: Some(browser), system: Some(system) }, "{name}");
        }
        assert_eq!(of("curl/8.5.0"), Agent { device: "program", browser: None, system: None });
        assert_eq!(of(""), Agent { device: "program", browser: None, system: None });
    }
}
