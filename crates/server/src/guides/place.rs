//! Where a file of the repository stands among the guides, and where a link in one of them leads.

/// Pages beside `docs` that are read with it.
pub const BESIDE: [(&str, &str); 5] = [
    ("README.md", include_str!("../../../../README.md")),
    ("ARCHITECTURE.md", include_str!("../../../../ARCHITECTURE.md")),
    ("CONTRIBUTING.md", include_str!("../../../../CONTRIBUTING.md")),
    ("CHANGELOG.md", include_str!("../../../../CHANGELOG.md")),
    ("LICENSE", include_str!("../../../../LICENSE")),
];

/// The name under `/docs` of a file of the repository: `docs/zh/user-guide.md` is `zh/user-guide`, `README.md` is `readme`.
pub fn of_file(file: &str) -> String {
    match file.strip_prefix("docs/") {
        Some(inside) => {
            let name = inside.strip_suffix(".md").unwrap_or(inside);
            if name == "index" { String::new() } else { name.strip_suffix("/index").unwrap_or(name).to_owned() }
        }
        None if file == "docs" => String::new(),
        None => file.strip_suffix(".md").unwrap_or(file).to_lowercase(),
    }
}

/// The address of a page.
pub fn address(name: &str) -> String {
    if name.is_empty() { "/docs".to_owned() } else { format!("/docs/{name}") }
}

/// Where a link leads that stands in a file. Addresses of their own and places of this server stay as they are.
pub fn of_link(file: &str, link: &str) -> String {
    if ["#", "/", "https://", "http://"].iter().any(|own| link.starts_with(own)) {
        return link.to_owned();
    }
    let (path, mark) = link.split_once('#').map_or((link, None), |(path, mark)| (path, Some(mark)));
    let mut parts: Vec<&str> = file.split('/').collect();
    parts.pop();
    for part in path.trim_end_matches('/').split('/') {
        match part {
            "." | "" => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    let to = address(&of_file(&parts.join("/")));
    mark.map_or(to.clone(), |mark| format!("{to}#{mark}"))
}

#[cfg(test)]
mod tests {
    use super::{of_file, of_link};

    #[test]
    fn files_have_names_and_links_lead_to_them() {
        for (file, name) in [
            ("docs/index.md", ""),
            ("docs/zh/index.md", "zh"),
            ("docs/decisions/0001-first-decisions.md", "decisions/0001-first-decisions"),
            ("README.md", "readme"),
            ("LICENSE", "license"),
        ] {
            assert_eq!(of_file(file), name);
        }
        for (file, link, to) in [
            ("docs/user-guide.md", "projection.md#how", "/docs/projection#how"),
            ("docs/decisions/0044-projection.md", "../projection.md", "/docs/projection"),
            ("docs/how-to/add-a-field-type.md", "../../ARCHITECTURE.md", "/docs/architecture"),
            ("README.md", "docs/decisions", "/docs/decisions"),
            ("README.md", "docs/screenshots/board.webp", "/docs/screenshots/board.webp"),
            ("docs/zh/user-guide.md", "../index.md", "/docs"),
            ("docs/user-guide.md", "#here", "#here"),
            ("docs/user-guide.md", "/api/docs", "/api/docs"),
            ("CHANGELOG.md", "https://semver.org/", "https://semver.org/"),
        ] {
            assert_eq!(of_link(file, link), to, "{link} in {file}");
        }
    }
}
