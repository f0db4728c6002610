//! What the main page says first, and what counts as good enough.

use kit::{pages::Step, rights::Right};

/// How many activities have to be placed before one can move on.
pub const ENOUGH: usize = 10;
/// From this spread on people should talk.
pub const APART: f64 = 0.25;

/// What is there, as far as the main page speaks of it.
#[derive(Debug, Default, Clone, PartialEq)]
pub struct Facts {
    pub activities: usize,
    pub agreed: usize,
    /// How many people have placed anything.
    pub people: usize,
    /// The activity on which people differ most and that is not agreed.
    pub apart: Option<String>,
    /// Not asked of whoever may not see contracts.
    pub contracts: Option<usize>,
    /// Whether the reader may bring contracts in.
    pub may_import: bool,
    pub without_owner: usize,
    /// The contract of which notice is due next: name, address, days left.
    pub next_notice: Option<(String, String, i32)>,
}

impl Facts {
    /// The heading of the main page.
    pub fn finding(&self) -> String {
        let placed = match (self.activities, self.agreed) {
            (0, _) => return "What IT does has not been written down yet".to_owned(),
            (1, 0) => "The one activity has no agreed place yet".to_owned(),
            (all, 0) => format!("None of {all} activities has an agreed place yet"),
            (all, agreed) if all == agreed => format!("All {all} activities have an agreed place"),
            (all, agreed) => format!("{agreed} of {all} activities have an agreed place"),
        };
        match &self.next_notice {
            Some((name, _, left)) if *left <= 90 => {
                format!("{placed}, and notice of “{name}” is due {}", in_days(*left))
            }
            _ => placed,
        }
    }

    /// What to do now, the first that holds.
    pub fn step(&self) -> Step {
        let step = |text: String, label, url: &str| Step::new(text, label, url, Right::Contribute);
        if let Some((name, url, left)) = self.next_notice.as_ref().filter(|it| it.2 <= 14) {
            let text =
                format!("The last day to give notice of “{name}” is {}. Decide whether to keep it.", in_days(*left));
            return step(text, "Open the contract", url);
        }
        match self {
            it if it.activities == 0 => step(
                "Write down the ten activities of IT that take most of the money or the time.".to_owned(),
                "Add an activity",
                "/activities/new",
            ),
            it if it.people == 0 => step(
                "Let a business leader, the IT leader and one more place the activities, each on their own.".to_owned(),
                "Place the activities",
                "/sourcing/place",
            ),
            Facts { apart: Some(name), .. } => step(
                format!("Talk about “{name}”, where people stand farthest apart, and agree on its place."),
                "Agree",
                "/sourcing/agree",
            ),
            it if it.agreed < it.activities => step(
                match it.activities - it.agreed {
                    1 => "Agree on the place of the last activity that has none, with the reason.".to_owned(),
                    open => format!("Agree on the {open} that have no place yet, each with its reason."),
                },
                "Agree",
                "/sourcing/agree",
            ),
            it if it.contracts == Some(0) && it.may_import => step(
                "Bring in the list of contracts that purchasing or finance keeps.".to_owned(),
                "Import contracts",
                "/import/new?target=contract",
            ),
            it if it.without_owner > 0 => step(
                format!("Give {} an owner, who is then written to before notice is due.", contracts(it.without_owner)),
                "See the contracts",
                "/contracts?sort=owner&down=1",
            ),
            Facts { next_notice: Some((name, url, left)), .. } if *left <= 90 => {
                step(format!("Decide about “{name}”: notice is due {}.", in_days(*left)), "Open the contract", url)
            }
            _ => step(
                "Look through the places once a year, before the notice dates pass.".to_owned(),
                "See the notice dates",
                if self.contracts.is_some() { "/sourcing/timeline" } else { "/sourcing/agree" },
            ),
        }
    }
}

/// How far a last day is off, to the day.
pub fn in_days(left: i32) -> String {
    match left {
        0 => "today".to_owned(),
        1 => "tomorrow".to_owned(),
        _ => format!("in {left} days"),
    }
}

/// "1 contract", "3 contracts".
pub fn contracts(n: usize) -> String {
    format!("{n} contract{}", if n == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_heading_says_how_much_is_placed_and_what_presses() {
        let mut it = Facts { activities: 12, agreed: 12, people: 4, contracts: Some(3), ..Facts::default() };
        assert_eq!(it.finding(), "All 12 activities have an agreed place");
        it.next_notice = Some(("ERP".to_owned(), "/contracts/1".to_owned(), 38));
        assert_eq!(it.finding(), "All 12 activities have an agreed place, and notice of “ERP” is due in 38 days");
        assert_eq!(Facts::default().finding(), "What IT does has not been written down yet");
    }

    #[test]
    fn there_is_always_one_thing_to_do_and_what_presses_comes_first() {
        let mut it = Facts::default();
        let mut urls = Vec::new();
        let mut next = |it: &Facts| urls.push(it.step().url);
        next(&it);
        it.activities = 12;
        next(&it);
        it.people = 3;
        it.apart = Some("Helpdesk".to_owned());
        next(&it);
        it.apart = None;
        next(&it);
        it.agreed = 12;
        (it.contracts, it.may_import) = (Some(0), true);
        next(&it);
        it.contracts = Some(4);
        it.without_owner = 1;
        next(&it);
        it.next_notice = Some(("ERP".to_owned(), "/contracts/1".to_owned(), 5));
        next(&it);
        assert_eq!(
            urls,
            [
                "/activities/new",
                "/sourcing/place",
                "/sourcing/agree",
                "/sourcing/agree",
                "/import/new?target=contract",
                "/contracts?sort=owner&down=1",
                "/contracts/1"
            ]
        );
    }
}
