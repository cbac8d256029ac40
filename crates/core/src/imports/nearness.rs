//! Which known name an unknown one may have meant. Only offered, never applied.

/// The one candidate that is clearly nearest to `text`, if any is near at all. Case, width, spaces and signs do not count.
pub fn nearest<'a>(text: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let wanted = bare(text);
    let most = wanted.len() / 4;
    let mut best: Option<(usize, &str, Vec<char>)> = None;
    let mut tied = false;
    for candidate in candidates {
        let other = bare(candidate);
        if other.is_empty() || wanted.is_empty() || other.len().abs_diff(wanted.len()) > most {
            continue;
        }
        let distance = distance(&wanted, &other);
        if distance > most {
            continue;
        }
        match &best {
            Some((least, ..)) if distance > *least => {}
            // Two spellings of one name do not stand against each other.
            Some((least, _, same)) if distance == *least => tied |= *same != other,
            _ => {
                best = Some((distance, candidate, other));
                tied = false;
            }
        }
    }
    best.filter(|_| !tied).map(|(_, candidate, _)| candidate)
}

fn bare(text: &str) -> Vec<char> {
    model::text::fold(text).chars().filter(|c| c.is_alphanumeric()).collect()
}

/// Letters to add, drop, change, or swap with their neighbour.
fn distance(a: &[char], b: &[char]) -> usize {
    let width = b.len() + 1;
    let mut cells = vec![0_usize; (a.len() + 1) * width];
    for i in 0..=a.len() {
        for j in 0..=b.len() {
            cells[i * width + j] = if i == 0 || j == 0 {
                i + j
            } else {
                let changed = cells[(i - 1) * width + j - 1] + usize::from(a[i - 1] != b[j - 1]);
                let mut least = changed.min(cells[(i - 1) * width + j] + 1).min(cells[i * width + j - 1] + 1);
                if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                    least = least.min(cells[(i - 2) * width + j - 2] + 1);
                }
                least
            };
        }
    }
    cells[a.len() * width + b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offers_what_is_near_and_nothing_else() {
        let products = ["GTX Basic", "GTX Pro", "GTX Plus Pro", "GTK 500", "MG Special"];
        assert_eq!(nearest("GTXPro", products), Some("GTX Pro"));
        assert_eq!(nearest("mg-speical", products), Some("MG Special"));
        assert_eq!(nearest("Toaster", products), None);
        assert_eq!(nearest("GTX", products), None);
        assert_eq!(nearest("technolgy", ["technology", "telecommunications"]), Some("technology"));
        assert_eq!(nearest("Acme 3", ["Acme 1", "Acme 2"]), None, "two are as near");
        assert_eq!(nearest("深圳市腾讯计算机系统", ["深圳腾讯计算机系统", "阿里巴巴"]), Some("深圳腾讯计算机系统"));
    }
}
