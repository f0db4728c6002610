//! Which column is meant for which field, by name.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// A field that a column may be meant for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Target<'a> {
    pub key: &'a str,
    pub label: &'a str,
    /// Other names, in any language.
    pub synonyms: &'a [&'a str],
}

/// A column proposed for a field.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Suggestion {
    /// The target's key.
    pub key: String,
    /// An index into the headers.
    pub column: usize,
    /// 0 to 1; 1 for the same name, 0.5 for the faintest likeness that is still proposed.
    pub confidence: f64,
    /// Why, as a sentence part.
    pub why: String,
}

/// A key for a file's set of column names, the same whatever their order, case and punctuation; 32 hexadecimal digits.
/// What a person settled for one file is proposed again for the next with the same key.
pub fn fingerprint<S: AsRef<str>>(headers: &[S]) -> String {
    let mut names: Vec<String> = headers.iter().map(|header| normalised(header.as_ref())).collect();
    names.sort_unstable();
    let digest = Sha256::digest(names.join("\n").as_bytes());
    digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

/// Proposes at most one column for each target and at most one target for each column, surest first.
pub fn suggest<S: AsRef<str>>(headers: &[S], targets: &[Target]) -> Vec<Suggestion> {
    let names: Vec<String> = headers.iter().map(|header| normalised(header.as_ref())).collect();
    let mut pairs = Vec::new();
    for (order, target) in targets.iter().enumerate() {
        let own = [normalised(target.key), normalised(target.label)];
        let synonyms: Vec<String> = target.synonyms.iter().map(|synonym| normalised(synonym)).collect();
        for (column, name) in names.iter().enumerate() {
            if let Some((confidence, why)) = likeness(name, &own, &synonyms) {
                pairs.push((confidence, order, column, why));
            }
        }
    }
    pairs.sort_by(|a, b| b.0.total_cmp(&a.0).then((a.1, a.2).cmp(&(b.1, b.2))));
    let (mut used_targets, mut used_columns) = (vec![false; targets.len()], vec![false; names.len()]);
    let mut suggestions = Vec::new();
    for (confidence, order, column, why) in pairs {
        if !used_targets[order] && !used_columns[column] {
            (used_targets[order], used_columns[column]) = (true, true);
            suggestions.push(Suggestion { key: targets[order].key.to_owned(), column, confidence, why });
        }
    }
    suggestions
}

fn likeness(name: &str, own: &[String], synonyms: &[String]) -> Option<(f64, String)> {
    if name.is_empty() {
        return None;
    }
    if own.iter().any(|own| own == name) {
        return Some((1.0, "it has the same name".into()));
    }
    if let Some(synonym) = synonyms.iter().find(|synonym| *synonym == name) {
        return Some((0.95, format!("“{synonym}” is another name for it")));
    }
    let mut best: Option<(f64, String)> = None;
    for other in own.iter().chain(synonyms).filter(|other| !other.is_empty()) {
        let shared = overlap(name, other);
        let found = if one_slip(name, other) {
            (0.8, format!("“{other}” is spelt almost the same"))
        } else if shared >= 0.5 {
            (0.4 + 0.4 * shared, format!("it shares words with “{other}”"))
        } else {
            continue;
        };
        if best.as_ref().is_none_or(|best| found.0 > best.0) {
            best = Some(found);
        }
    }
    best
}

/// The share of words that two names have in common, of all words in either.
fn overlap(a: &str, b: &str) -> f64 {
    let (a, b): (Vec<&str>, Vec<&str>) = (a.split(' ').collect(), b.split(' ').collect());
    let shared = a.iter().filter(|word| b.contains(word)).count();
    shared as f64 / (a.len() + b.len() - shared) as f64
}

/// Whether two names of five letters and more differ by one letter too many, too few, changed or swapped.
fn one_slip(a: &str, b: &str) -> bool {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    if a.len().min(b.len()) < 5 || a.len().abs_diff(b.len()) > 1 {
        return false;
    }
    let start = a.iter().zip(&b).take_while(|(a, b)| a == b).count();
    let (a, b) = (&a[start..], &b[start..]);
    let end = a.iter().rev().zip(b.iter().rev()).take_while(|(a, b)| a == b).count();
    match (&a[..a.len() - end], &b[..b.len() - end]) {
        // Digits tell columns apart: “line 1” is not “line 2”.
        ([a], [b]) => !a.is_ascii_digit() && !b.is_ascii_digit(),
        ([one], []) | ([], [one]) => !one.is_ascii_digit(),
        ([a, b], [c, d]) => a == d && b == c,
        _ => false,
    }
}

/// Words in lower case with accents folded, parted by single spaces: `NetAmount`, `net_amount` and `Net  amount:` are
/// all `net amount`.
pub fn normalised(name: &str) -> String {
    let mut words = String::with_capacity(name.len());
    let mut before = ' ';
    for c in name.chars() {
        if !c.is_alphanumeric() {
            before = ' ';
            continue;
        }
        let starts_word = before == ' ' || before.is_lowercase() && c.is_uppercase();
        if starts_word && !words.is_empty() {
            words.push(' ');
        }
        before = c;
        match fold(c) {
            Some(folded) => words.push_str(folded),
            None => words.extend(c.to_lowercase()),
        }
    }
    words
}

fn fold(c: char) -> Option<&'static str> {
    Some(match c {
        'ä' | 'Ä' | 'æ' | 'Æ' => "ae",
        'ö' | 'Ö' | 'œ' | 'ø' | 'Ø' => "oe",
        'ü' | 'Ü' => "ue",
        'ß' | 'ẞ' => "ss",
        'á' | 'à' | 'â' | 'ã' | 'å' | 'Á' | 'À' | 'Â' | 'Å' => "a",
        'é' | 'è' | 'ê' | 'ë' | 'É' | 'È' | 'Ê' => "e",
        'í' | 'ì' | 'î' | 'ï' | 'Í' => "i",
        'ó' | 'ò' | 'ô' | 'õ' | 'Ó' | 'Ô' => "o",
        'ú' | 'ù' | 'û' | 'Ú' => "u",
        'ç' | 'Ç' => "c",
        'ñ' | 'Ñ' => "n",
        _ => return None,
    })
}
