//! Domains: under which a company has its pages and its addresses.

/// Mail services: everybody has an address under these, so that they tell nothing of a company.
const MAIL_SERVICES: [&str; 44] = [
    "126.com",
    "139.com",
    "163.com",
    "189.cn",
    "21cn.com",
    "aliyun.com",
    "aol.com",
    "fastmail.com",
    "foxmail.com",
    "free.fr",
    "freenet.de",
    "gmail.com",
    "gmx.at",
    "gmx.ch",
    "gmx.com",
    "gmx.de",
    "gmx.net",
    "googlemail.com",
    "hotmail.com",
    "hotmail.de",
    "hotmail.fr",
    "icloud.com",
    "laposte.net",
    "libero.it",
    "live.com",
    "mac.com",
    "mail.com",
    "mail.ru",
    "me.com",
    "msn.com",
    "orange.fr",
    "outlook.com",
    "posteo.de",
    "proton.me",
    "protonmail.com",
    "qq.com",
    "sina.cn",
    "sina.com",
    "sohu.com",
    "t-online.de",
    "web.de",
    "yahoo.com",
    "yandex.ru",
    "yeah.net",
];

/// Labels below a country's that are given out one by one: `acme.co.uk` is one company's, `co.uk` is nobody's.
const SHARED: [&str; 10] = ["ac", "co", "com", "edu", "gov", "gv", "ne", "net", "or", "org"];

/// Of a host, the part that was given to somebody: `mail.acme.co.uk` is `acme.co.uk`. `None` for addresses that are no names.
pub fn registered(host: &str) -> Option<String> {
    let host = host.trim().trim_end_matches('.').to_lowercase();
    if host.contains(':') || host.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') {
        return None;
    }
    let labels: Vec<&str> = host.split('.').collect();
    if labels.len() < 2 || labels.iter().any(|label| label.is_empty()) {
        return None;
    }
    let (top, below) = (labels[labels.len() - 1], labels[labels.len() - 2]);
    let taken = if top.len() == 2 && SHARED.contains(&below) { 3 } else { 2 };
    (labels.len() >= taken).then(|| labels[labels.len() - taken..].join("."))
}

/// The same, where it tells of a company.
fn telling(host: &str) -> Option<String> {
    registered(host).filter(|domain| MAIL_SERVICES.binary_search(&domain.as_str()).is_err())
}

/// The domain of the company behind an e-mail address; `None` for one of a public mail service.
pub fn of_email(email: &str) -> Option<String> {
    telling(email.rsplit_once('@')?.1)
}

/// The domain of the company behind the address of a page.
pub fn of_url(url: &str) -> Option<String> {
    let host = super::url::host(url);
    telling(host.strip_prefix("www.").unwrap_or(&host))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_domain_tells_of_a_company_unless_everybody_has_it() {
        assert!(MAIL_SERVICES.is_sorted());
        assert_eq!(of_email("anna@Lindental.example"), Some("lindental.example".to_owned()));
        assert_eq!(of_email("anna@office.lindental.example"), Some("lindental.example".to_owned()));
        for nothing in ["anna@gmail.com", "anna@vip.163.com", "anna", "anna@localhost", "anna@10.0.0.1"] {
            assert_eq!(of_email(nothing), None, "{nothing}");
        }
        for url in [
            "https://www.lindental.example/en?x=1",
            "http://lindental.example:8080",
            "lindental.example",
            "https://a:b@shop.lindental.example#x",
        ] {
            assert_eq!(of_url(url), Some("lindental.example".to_owned()), "{url}");
        }
        assert_eq!(of_url("https://localhost"), None);
    }

    #[test]
    fn what_a_country_gives_out_by_sort_is_nobodys() {
        assert_eq!(registered("www.acme.co.uk"), Some("acme.co.uk".to_owned()));
        assert_eq!(registered("mail.acme.com.cn"), Some("acme.com.cn".to_owned()));
        assert_eq!(registered("com.cn"), None);
        assert_eq!(registered("acme.com"), Some("acme.com".to_owned()));
    }
}
