//! Languages of phones, and how their locales write numbers (mobile API specification, 1.3 and 4.5).
//!
//! The data are those of the CLDR. A locale that they do not hold is written like its language, a language that they do
//! not hold like English.

use std::collections::BTreeMap;
use std::sync::LazyLock;

/// The language when a request names none that can be understood.
const DEFAULT: &str = "en";

/// A language with its region and script, as a request prefers it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Locale {
    /// All subtags, in lower case.
    tag: String,
}

impl Locale {
    /// The most preferred range of an `Accept-Language` header; English when there is none.
    pub fn preferred(header: Option<&str>) -> Self {
        let mut best: Option<(u16, String)> = None;
        for range in header.unwrap_or_default().split(',') {
            let (tag, quality) = match range.split_once(';') {
                None => (range.trim(), Some(1_000)),
                Some((tag, parameter)) => (tag.trim(), quality(parameter)),
            };
            let Some(quality) = quality.filter(|it| *it > 0 && is_tag(tag)) else {
                continue;
            };
            if best.as_ref().is_none_or(|(known, _)| quality > *known) {
                best = Some((quality, tag.to_ascii_lowercase()));
            }
        }
        let tag = best.map_or_else(|| DEFAULT.to_owned(), |(_, tag)| tag);
        Self { tag }
    }

    /// All subtags, in lower case.
    pub fn tag(&self) -> &str {
        &self.tag
    }

    /// Primary language subtag, in lower case.
    pub fn language(&self) -> &str {
        self.tag.split('-').next().unwrap_or_default()
    }

    /// How numbers are written.
    pub(super) fn numbers(&self) -> Option<&'static Numbers> {
        let subtags: Vec<&str> = self.tag.split('-').collect();
        let language = self.language();
        let of_length = |lengths: &[usize]| {
            let mut rest = subtags.iter().skip(1);
            rest.find(|it| lengths.contains(&it.len()))
                .map(|it| format!("{language}-{it}"))
        };
        let candidates = [Some(self.tag.clone()), of_length(&[2, 3]), of_length(&[4])];
        let exact = candidates
            .into_iter()
            .flatten()
            .find_map(|it| ROWS.get(it.as_str()));
        exact.or_else(|| ROWS.get(language)).or_else(|| ROWS.get(DEFAULT))
    }
}

/// `q=0.5` in thousandths.
fn quality(parameter: &str) -> Option<u16> {
    let value = parameter.trim().strip_prefix("q=")?;
    let (whole, fraction) = value.split_once('.').unwrap_or((value, ""));
    if fraction.len() > 3 || !fraction.bytes().all(|it| it.is_ascii_digit()) {
        return None;
    }
    let fraction: u16 = format!("{fraction:0<3}").parse().ok()?;
    match whole {
        "0" => Some(fraction),
        "1" if fraction == 0 => Some(1_000),
        _ => None,
    }
}

/// Whether a text is a language tag: subtags of 1 to 8 letters and digits, the first one of 2 to 8 letters.
fn is_tag(text: &str) -> bool {
    let mut subtags = text.split('-');
    let language = subtags.next().unwrap_or_default();
    text.len() <= 64
        && (2..=8).contains(&language.len())
        && language.bytes().all(|it| it.is_ascii_alphabetic())
        && subtags.all(|it| (1..=8).contains(&it.len()) && it.bytes().all(|c| c.is_ascii_alphanumeric()))
}

/// Separators, digits and patterns of a locale.
#[derive(Debug)]
pub(super) struct Numbers {
    pub(super) plain: Separators,
    pub(super) money: Separators,
    /// Before a negative number, with the marks that some scripts need.
    pub(super) minus: &'static str,
    pub(super) zero: char,
    /// Digits of the groups to the left of the first one.
    pub(super) further_group: usize,
    /// Fewest digits before the first group separator.
    pub(super) fewest: usize,
    /// `#` stands for the number, `¤` for the symbol.
    pub(super) positive: &'static str,
    /// The same for negative amounts.
    pub(super) negative: &'static str,
    language: &'static str,
    symbols: Vec<(&'static str, &'static str)>,
}

#[derive(Debug)]
pub(super) struct Separators {
    pub(super) decimal: &'static str,
    pub(super) group: &'static str,
}

impl Numbers {
    /// Symbol of a currency; the code itself where the locale has no other.
    pub(super) fn symbol<'a>(&self, code: &'a str) -> &'a str {
        let own = |row: &Self| row.symbols.iter().find(|it| it.0 == code).map(|it| it.1);
        own(self)
            .or_else(|| own(ROWS.get(self.language)?))
            .unwrap_or(code)
    }
}

static ROWS: LazyLock<BTreeMap<&'static str, Numbers>> = LazyLock::new(|| {
    let lines = include_str!("cldr.txt").lines();
    lines
        .filter(|line| !line.starts_with('#'))
        .filter_map(row)
        .collect()
});

fn row(line: &'static str) -> Option<(&'static str, Numbers)> {
    let mut columns = line.split('\t');
    let mut next = || columns.next();
    let tag = next()?;
    let numbers = Numbers {
        plain: Separators {
            decimal: next()?,
            group: next()?,
        },
        money: Separators {
            decimal: next()?,
            group: next()?,
        },
        minus: next()?,
        zero: next()?.chars().next()?,
        further_group: next()?.parse().ok()?,
        fewest: next()?.parse().ok()?,
        positive: next()?,
        negative: next()?,
        language: tag.split('-').next()?,
        symbols: columns.filter_map(|it| it.split_at_checked(3)).collect(),
    };
    Some((tag, numbers))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_read() {
        let lines = include_str!("cldr.txt").lines().filter(|it| !it.starts_with('#'));
        assert_eq!(ROWS.len(), lines.count());
        for (tag, row) in ROWS.iter() {
            assert!(row.positive.contains('#') && row.negative.contains('¤'), "{tag}");
            assert!(
                (1..=4).contains(&row.further_group) && (1..=4).contains(&row.fewest),
                "{tag}"
            );
            assert!(ROWS.contains_key(row.language), "{tag}");
        }
        println!("{} locales", ROWS.len());
        assert!(ROWS.len() > 300);
    }

    #[test]
    fn the_most_preferred_range_decides() {
        let cases = [
            (None, "en"),
            (Some(""), "en"),
            (Some("*"), "en"),
            (Some("cs-CZ,en;q=0.5"), "cs-cz"),
            (Some("en;q=0.5, cs"), "cs"),
            (Some("en;q=0.5,de;q=0.5"), "en"),
            (Some("en;q=0.12,de;q=0.125"), "de"),
            (Some("de;q=0"), "en"),
            (Some("de;q=1.000"), "de"),
            (Some("de;q=1.001"), "en"),
            (Some("de;q=x,fr;q=0.1"), "fr"),
            (Some("zh-Hant-TW"), "zh-hant-tw"),
            (Some("c, -x, d-, i18n, de\u{7f}"), "en"),
        ];
        for (header, tag) in cases {
            assert_eq!(Locale::preferred(header).tag, tag, "{header:?}");
        }
        println!("{} headers", cases.len());
    }

    #[test]
    fn numbers_fall_back() {
        let decimal = |tag: &str| Locale::preferred(Some(tag)).numbers().unwrap().plain.decimal;
        assert_eq!(decimal("de"), ",");
        assert_eq!(decimal("de-LI"), ".");
        assert_eq!(decimal("de-Latn-LI-x-bank"), ".");
        assert_eq!(decimal("de-XX"), ",");
        assert_eq!(decimal("tlh"), ".");
    }
}
