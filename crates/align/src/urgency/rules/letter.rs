//! The letter to a sponsor: what stands in the way, what it threatens, what is asked, by when.

use calc::fiscal::days_between;
use jiff::{ToSpan, civil::Date};
use kit::{
    document::{Block, Document},
    format::Writing,
    people::Person,
};

use crate::{
    expectations::model::Outcome,
    urgency::{
        model::{Decision, Obstacle, Sort},
        rules::MUCH,
    },
};

/// In how many days an answer is asked for.
const ANSWER: i64 = 14;

/// What a letter is made from.
pub struct About<'a> {
    pub org: &'a str,
    pub obstacle: &'a Obstacle,
    pub sponsor: Option<&'a Person>,
    /// Who signs: name and role.
    pub writer: (String, Option<String>),
    /// The outcomes that the obstacle threatens, with the name of who answers for each.
    pub threatened: Vec<(&'a Outcome, Option<String>)>,
    /// The decisions from which the obstacle follows.
    pub shown_by: Vec<&'a Decision>,
    pub today: Date,
    pub writing: Writing,
}

impl About<'_> {
    /// What the letter cannot be sent without, as sentences.
    pub fn lacks(&self) -> Vec<&'static str> {
        let mut lacks = Vec::new();
        if self.sponsor.is_none() {
            lacks.push("Name the sponsor to whom it goes.");
        }
        if self.obstacle.asked.is_none() {
            lacks.push("Say what is asked of the sponsor: one decision.");
        }
        if self.obstacle.due.is_none() {
            lacks.push("Set the day by which it has to be cleared.");
        }
        lacks
    }

    /// What would make it stronger.
    pub fn would_gain(&self) -> Vec<&'static str> {
        let mut gains = Vec::new();
        if self.threatened.is_empty() {
            gains.push("Say which outcomes the obstacle threatens.");
        }
        if self.obstacle.evidence.is_none() && self.shown_by.is_empty() {
            gains.push("Write down what shows that the obstacle is there.");
        }
        gains
    }

    pub fn letter(&self) -> Document {
        let it = self.obstacle;
        let locale = self.writing.locale;
        let mut blocks = Vec::new();
        if let Some(sponsor) = self.sponsor {
            let lines = [Some(sponsor.name.clone()), sponsor.job.clone(), Some(self.org.to_owned())];
            blocks.push(Block::Lines(lines.into_iter().flatten().collect()));
        }
        blocks.push(Block::Lines(vec![locale.date(self.today)]));
        blocks.push(Block::Title);
        if let Some(sponsor) = self.sponsor {
            blocks.push(Block::Text(format!("Dear {},", sponsor.name)));
        }
        blocks.push(Block::Text(self.opening()));
        blocks.push(Block::Heading("What stands in the way".to_owned()));
        blocks.push(Block::Text(self.described()));
        if let Some(evidence) = &it.evidence {
            blocks.push(Block::Text(evidence.clone()));
        }
        if !self.shown_by.is_empty() {
            blocks.push(self.decisions());
        }
        if !self.threatened.is_empty() {
            blocks.push(Block::Heading("What it threatens".to_owned()));
            blocks.push(Block::Text(self.at_stake()));
            blocks.push(self.outcomes());
        }
        if let Some(plan) = &it.plan {
            blocks.push(Block::Heading("What we do about it ourselves".to_owned()));
            blocks.push(Block::Text(plan.clone()));
        }
        if let Some(asked) = &it.asked {
            blocks.push(Block::Heading("What we ask of you".to_owned()));
            blocks.push(Block::Text(asked.clone()));
            if let Some(due) = it.due {
                // What is decided on the day itself comes too late to act on.
                let answer = due.min(self.today.saturating_add(ANSWER.days())).max(self.today);
                let then = match due > answer {
                    true => format!(", so that it is cleared by {}", locale.date(due)),
                    false => String::new(),
                };
                blocks.push(Block::Text(format!("Please let us have your answer by {}{then}.", locale.date(answer))));
            }
        }
        blocks.push(Block::Text("Thank you for taking this up. I will gladly explain it in person.".to_owned()));
        let (name, job) = &self.writer;
        blocks.push(Block::Lines(std::iter::once(name.clone()).chain(job.clone()).collect()));
        Document { title: format!("{}: we need your decision", it.title.trim_end_matches('.')), blocks }
    }

    fn opening(&self) -> String {
        let ours = match self.obstacle.influence {
            Some(it) if it < MUCH => "There is little that we can do about it ourselves.",
            Some(_) => "We have done what we can, and the rest is not ours to decide.",
            None => "It is not ours alone to decide.",
        };
        format!(
            "I am writing because something holds back what the business expects of IT, and you can remove it. {ours}"
        )
    }

    fn described(&self) -> String {
        let of_sort = match self.obstacle.sort {
            Some(Sort::Structural) => "It lies in how we are set up, not in any person.",
            Some(Sort::Cultural) => "It lies in what we are used to, not in any person.",
            Some(Sort::Behavioural) => "It lies in what we do every day, and nobody means harm by it.",
            None => "",
        };
        let severity = match self.obstacle.severity {
            Some(5) => "Nothing moves while it is there.",
            Some(4) => "It holds back a great deal.",
            Some(3) => "It costs us time again and again.",
            Some(_) => "It is small, and it adds up.",
            None => "",
        };
        let title = self.obstacle.title.trim_end_matches('.');
        let parts = [&format!("{title}."), of_sort, severity];
        parts.into_iter().filter(|it| !it.is_empty()).collect::<Vec<_>>().join(" ")
    }

    /// How many outcomes, and when the first of them is due.
    fn at_stake(&self) -> String {
        let locale = self.writing.locale;
        let first = self.threatened.iter().filter_map(|(it, _)| it.due).filter(|it| *it >= self.today).min();
        let (many, verb) =
            if self.threatened.len() == 1 { ("This outcome", "depends") } else { ("These outcomes", "depend") };
        match first {
            Some(due) if self.threatened.len() == 1 => {
                format!("{many} {verb} on it, and is due on {}.", locale.date(due))
            }
            Some(due) => format!("{many} {verb} on it. The first is due on {}.", locale.date(due)),
            None => format!("{many} {verb} on it."),
        }
    }

    fn outcomes(&self) -> Block {
        let locale = self.writing.locale;
        let head = ["Outcome", "Measured by", "Due", "Answers for it"].map(str::to_owned).to_vec();
        let rows = self.threatened.iter().map(|(it, who)| {
            let target = it.target.map(|target| {
                let unit = it.unit.as_deref().map_or(String::new(), |unit| format!(" {unit}"));
                format!("{}{unit}", locale.number(target))
            });
            let measured = [it.measure.clone(), target].into_iter().flatten().collect::<Vec<_>>().join(": ");
            vec![
                it.statement.clone(),
                measured,
                it.due.map_or(String::new(), |due| locale.short_date(due)),
                who.clone().unwrap_or_else(|| "nobody yet".to_owned()),
            ]
        });
        Block::Table(head, rows.collect())
    }

    fn decisions(&self) -> Block {
        let locale = self.writing.locale;
        let columns = ["Decision", "Amount", "Asked on", "Days", "Waited for"].map(str::to_owned);
        let rows: Vec<[String; 5]> = self
            .shown_by
            .iter()
            .map(|it| {
                let days = match it.days() {
                    Some(days) => locale.whole(days),
                    None => format!("{} so far", locale.whole(days_between(it.asked, self.today).max(0))),
                };
                [
                    it.what.clone(),
                    it.amount.map_or(String::new(), |amount| locale.money(amount.minor(), self.writing.currency)),
                    locale.short_date(it.asked),
                    days,
                    it.missing.clone().unwrap_or_default(),
                ]
            })
            .collect();
        // A column without a word in it says nothing.
        let told: Vec<usize> = (0..columns.len()).filter(|at| rows.iter().any(|row| !row[*at].is_empty())).collect();
        let of = |row: &[String; 5]| told.iter().map(|at| row[*at].clone()).collect();
        Block::Table(of(&columns), rows.iter().map(of).collect())
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use kit::format::{Currency, Locale};

    use super::*;
    use crate::urgency::{
        model::{Measure, Verdict},
        rules::tests::{decision, obstacle},
    };

    fn german() -> Writing {
        Writing { locale: Locale::of("de-DE"), currency: Currency::of("EUR").expect("a code") }
    }

    #[test]
    fn a_letter_says_what_is_asked_and_by_when_and_shows_days_and_money_as_the_organisation_writes_them() {
        let obstacle = Obstacle {
            severity: Some(4),
            influence: Some(1),
            sort: Some(Sort::Structural),
            measure: Some(Measure::Escalate),
            asked: Some("Let the heads of units approve up to 5,000 alone.".into()),
            due: Some(date(2026, 12, 4)),
            ..obstacle("Small purchases wait for three signatures")
        };
        let slow = decision(date(2026, 8, 3), Some((date(2026, 10, 19), Verdict::Yes)), Some(98_050));
        let about = About {
            org: "Works",
            obstacle: &obstacle,
            sponsor: None,
            writer: ("Ada Byron".into(), None),
            threatened: Vec::new(),
            shown_by: vec![&slow],
            today: date(2026, 11, 23),
            writing: german(),
        };
        assert_eq!(about.lacks(), ["Name the sponsor to whom it goes."]);
        let letter = about.letter();
        let text = format!("{letter:?}");
        for expected in ["answer by 4. Dezember 2026.", "980,50\u{a0}€", "\"77\"", "Let the heads of units"] {
            assert!(
                text.contains(&expected.escape_debug().to_string()) || text.contains(expected),
                "{expected} is missing in {text}"
            );
        }
        assert!(!text.contains("What it threatens"));
    }
}
