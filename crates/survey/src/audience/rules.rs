//! A list of e-mail addresses, pasted or in a file: which addresses it holds, and whose they are.

use jiff::civil::Date;
use kit::{
    import::sheet::{Sheet, Target, suggest},
    people::Person,
};

/// The addresses of a list, in the order in which they stand there, each with the rows that hold it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Given {
    pub addresses: Vec<(String, Vec<u32>)>,
    /// What holds something, but no address: a row of a file, or what was written.
    pub without: Vec<String>,
}

impl Given {
    /// Reads entries, each with its row; what stands around an address, such as a name, is passed over. `named` says
    /// what an entry without an address is called.
    fn of<'a>(entries: impl Iterator<Item = (u32, &'a str)>, named: fn(u32, &str) -> String) -> Given {
        let mut given = Given::default();
        for (row, text) in entries {
            let found = addresses(text);
            if found.is_empty() {
                given.without.push(named(row, text));
            }
            for address in found {
                match given.addresses.iter_mut().find(|it| it.0 == address) {
                    Some((_, rows)) => rows.push(row),
                    None => given.addresses.push((address, vec![row])),
                }
            }
        }
        given
    }

    /// A list that was pasted: one address a line, or several with commas, semicolons or spaces between them.
    pub fn pasted(text: &str) -> Given {
        let entries = (1..).zip(text.lines()).flat_map(|(row, line)| {
            // A name may hold a comma where semicolons stand between the entries.
            let between = if line.contains(';') { ';' } else { ',' };
            line.split(between).map(move |it| (row, it.trim()))
        });
        Given::of(entries.filter(|(_, it)| !it.is_empty()), |row, text| format!("“{text}” in row {row}"))
    }

    /// The column of a file that holds the addresses, with its name: the one that is called so, or else the one that
    /// has most of them. Nothing where no cell holds an address.
    pub fn in_sheet(sheet: &Sheet) -> Option<(String, Given)> {
        let held = |at: usize| sheet.rows.iter().filter(|row| !addresses(&row.cells[at]).is_empty()).count();
        let holding: Vec<(usize, usize)> =
            (0..sheet.columns.len()).map(|at| (at, held(at))).filter(|it| it.1 > 0).collect();
        let names: Vec<&str> = holding.iter().map(|it| &*sheet.columns[it.0].name).collect();
        let field = Person::KIND.field("email").expect("a person has an e-mail");
        let target = Target { key: field.key, label: field.label, synonyms: field.synonyms };
        let most = || holding.iter().max_by_key(|it| (it.1, std::cmp::Reverse(it.0)));
        let at = match suggest(&names, &[target]).first() {
            Some(it) => holding[it.column].0,
            None => most()?.0,
        };
        let rows = sheet.rows.iter().map(|row| (row.number, &*row.cells[at]));
        Some((sheet.columns[at].name.clone(), Given::of(rows, |row, _| format!("row {row}"))))
    }
}

/// Whether a file's header row is one of its addresses, so that the file has none.
pub fn header_is_data(sheet: &Sheet) -> bool {
    sheet.columns.iter().flat_map(|it| &it.parts).any(|it| !addresses(it).is_empty())
}

/// The e-mail addresses in a text, in lower case.
fn addresses(text: &str) -> Vec<String> {
    text.split(|it: char| it.is_whitespace() || ",;<>()[]\"'|".contains(it))
        .map(|it| it.trim_start_matches("mailto:").trim_end_matches(['.', ':']))
        .filter(|it| it.split_once('@').is_some_and(|(name, host)| !name.is_empty() && host.contains('.')))
        .map(str::to_lowercase)
        .collect()
}

/// Whose the addresses of a list are.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Matched<'a> {
    pub here: Vec<&'a Person>,
    /// Those who have left, or have not come yet.
    pub away: Vec<&'a Person>,
    /// Addresses that nobody has, with their rows.
    pub nobody: Vec<(String, Vec<u32>)>,
}

/// Finds the people of these addresses, on a day. Where several share one, all of them are meant.
pub fn matched<'a>(given: &Given, people: &'a [Person], today: Date) -> Matched<'a> {
    let mut matched = Matched::default();
    for (address, rows) in &given.addresses {
        let theirs: Vec<&Person> =
            people.iter().filter(|it| it.email.as_ref().is_some_and(|it| it.to_lowercase() == *address)).collect();
        if theirs.is_empty() {
            matched.nobody.push((address.clone(), rows.clone()));
        }
        for it in theirs {
            if it.is_here(today) { matched.here.push(it) } else { matched.away.push(it) }
        }
    }
    matched
}

#[cfg(test)]
mod tests {
    use kit::import::sheet::{Choices, read};

    use super::*;

    #[test]
    fn addresses_are_found_however_a_list_was_written() {
        let given =
            Given::pasted("Ada <ADA@example.org>; bea@example.org,cid@example.org\n\nDan\nada@example.org., Eve Fox\n");
        let all: Vec<(&str, &[u32])> = given.addresses.iter().map(|it| (&*it.0, &*it.1)).collect();
        assert_eq!(all, [("ada@example.org", &[1, 4][..]), ("bea@example.org", &[1]), ("cid@example.org", &[1])]);
        assert_eq!(given.without, ["“Dan” in row 3", "“Eve Fox” in row 4"]);
    }

    #[test]
    fn the_column_that_is_called_e_mail_is_read_and_not_the_managers() {
        let csv = b"Manager e-mail,Name,E-mail\nboss@example.org,Ada,ada@example.org\nboss@example.org,Bea,\n";
        let sheet = read("list.csv", csv, &Choices::default()).expect("a table");
        let (column, given) = Given::in_sheet(&sheet).expect("there are addresses");
        assert_eq!((&*column, given.addresses.len(), given.without), ("E-mail", 1, vec!["row 3".to_owned()]));
    }
}
