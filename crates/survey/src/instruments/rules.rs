//! What an instrument's file says, and which edition it becomes.

use std::collections::BTreeMap;

use crate::instrument::Instrument;

/// The longest key, which stands in addresses.
const LONGEST_KEY: usize = 60;

/// Reads an instrument's file. Refuses one that is none, or one that could not be answered, with everything that is
/// wrong and where.
pub fn read(name: &str, bytes: &[u8]) -> Result<Instrument, Vec<String>> {
    let it: Instrument = serde_json::from_slice(bytes).map_err(|err| {
        let (line, column) = (err.line(), err.column());
        let said = err.to_string();
        let said = said.split(" at line ").next().unwrap_or_default();
        vec![format!(
            "“{name}” is no instrument’s file: line {line}, character {column}: {said}. Download one, change its copy, \
             and bring that in."
        )]
    })?;
    let mut faults = it.faults();
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-_.".contains(c);
    if !it.key.chars().all(plain) || it.key.len() > LONGEST_KEY {
        faults.push(format!("key: small letters, digits and dashes, {LONGEST_KEY} at most; “{}” is not.", it.key));
    }
    if it.items().is_empty() {
        faults.push("sections: no question is asked.".to_owned());
    }
    if faults.is_empty() { Ok(it) } else { Err(faults) }
}

/// The newest edition of each instrument, in the order in which the instruments first appear.
pub fn newest(all: Vec<Instrument>) -> Vec<Instrument> {
    let mut at: BTreeMap<String, usize> = BTreeMap::new();
    let mut newest: Vec<Instrument> = Vec::new();
    for it in all {
        match at.get(&it.key) {
            Some(place) if newest[*place].version <= it.version => newest[*place] = it,
            Some(_) => {}
            None => {
                at.insert(it.key.clone(), newest.len());
                newest.push(it);
            }
        }
    }
    newest
}

/// The instrument as the edition after those that are here; nothing where the newest of them asks exactly the same.
pub fn next_edition(given: Instrument, here: &[Instrument]) -> Option<Instrument> {
    let last = here.iter().filter(|it| it.key == given.key).max_by_key(|it| it.version);
    let Some(last) = last else { return Some(Instrument { version: given.version.max(1), ..given }) };
    let same = Instrument { version: last.version, ..given.clone() } == *last;
    (!same).then(|| Instrument { version: last.version + 1, ..given })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::instrument::shipped;

    fn file(it: &Instrument) -> Vec<u8> {
        serde_json::to_vec_pretty(it).expect("an instrument is plain data")
    }

    #[test]
    fn every_shipped_instrument_comes_back_from_its_file_and_is_no_new_edition() {
        for it in shipped() {
            let back = read("a.json", &file(&it)).expect("it was written here");
            assert_eq!(back, it);
            assert_eq!(next_edition(back, &shipped()), None, "{}", it.key);
        }
    }

    #[test]
    fn what_was_changed_becomes_the_next_edition_whatever_number_the_file_has() {
        let mut changed = shipped().remove(0);
        changed.minutes = 20;
        let second = next_edition(changed.clone(), &shipped()).expect("it asks something else");
        assert_eq!(second.version, 2);
        let all: Vec<Instrument> = shipped().into_iter().chain([second]).collect();
        changed.minutes = 30;
        assert_eq!(next_edition(changed, &all).map(|it| it.version), Some(3));
        let newest = newest(all.clone());
        assert_eq!((newest.len(), newest[0].minutes), (shipped().len(), 20));
    }

    #[test]
    fn a_file_that_is_no_instrument_is_refused_with_the_place_of_the_fault() {
        let text = String::from_utf8(file(&shipped()[0])).expect("text");
        for (broken, said) in [
            (text.replace("\"purpose\": \"gap\",", ""), "missing field `purpose`"),
            (text.replace("\"scale\": \"done\"", "\"scale\": \"dona\""), "there is no scale “dona”"),
            (text.replacen("gap-short", "gap / short", 1), "small letters, digits and dashes"),
            ("[1,2".to_owned(), "line 1"),
            ("a,b\n1,2\n".to_owned(), "is no instrument’s file"),
        ] {
            let faults = read("a.json", broken.as_bytes()).expect_err(said).join("\n");
            assert!(faults.contains(said), "{faults}");
        }
    }
}
