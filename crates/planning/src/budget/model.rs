//! The lines of the annual IT budgets.

use calc::money::Money;
use kit::{
    choices,
    method::Proposition,
    people::PersonId,
    record::{Field, Kind},
    rights::Right,
};

choices! {
    /// What the money is for.
    pub Purpose {
        Run = "run", "Run";
        Grow = "grow", "Grow";
        Transform = "transform", "Transform";
    }
}

impl Purpose {
    pub fn means(self) -> &'static str {
        match self {
            Purpose::Run => "keeps what there is going",
            Purpose::Grow => "does more or better of what there is",
            Purpose::Transform => "does something new",
        }
    }
}

choices! {
    /// Whether a line is in the budget.
    pub State {
        Proposed = "proposed", "Proposed", Warn;
        Agreed = "agreed", "Agreed", Good;
        LeftOut = "left_out", "Left out";
    }
}

kit::record! {
    /// Something that the IT budget of a financial year pays for.
    pub BudgetLine(BudgetLineId) = Kind::new("budget_line", "Budget line", "Budget lines", "/budget-lines")
        .about("What the IT budget of each financial year pays for: what is paid once beside what is paid year after year, for what, and what happens without it.")
        .first_step("Open Budget and take in what your contracts and plans cost; add by hand what nobody has written down elsewhere.")
        .titled("title")
        .known_by_all(&["year", "title"])
        .once("title", "The budget of this year has a line of this name already. Change that one, or name this one apart from it.")
        .rights(Right::SeeCosts, Right::KeepCosts);
    year: i64 = Field::whole("Financial year", 2000, 2999).required().help("By the year in which it ends.").synonyms(&["fy", "year", "budget year"]);
    title: String = Field::text("What for").required().synonyms(&["line", "title", "name", "position"]);
    purpose: Purpose = Field::choice("Purpose", Purpose::CHOICES).required().help("Run keeps what there is going, grow does more or better of it, transform does something new.").synonyms(&["type", "category"]);
    once: Option<Money> = Field::money("Once").help("Paid in this year only.").synonyms(&["one off", "one-off", "project cost"]);
    yearly: Option<Money> = Field::money("Running").help("This year's part of what is paid year after year.").synonyms(&["amount", "yearly", "recurring", "running"]);
    proposition: Option<Proposition> = Field::choice("Value proposition", Proposition::CHOICES).unlisted();
    owner: Option<PersonId> = Field::link("Owner", "person").accountable().synonyms(&["owner email", "responsible"]);
    rationale: Option<String> = Field::prose("Why, and what if not").help("What it is good for, and what happens without it.").synonyms(&["rationale", "reason", "justification"]);
    state: State = Field::choice("State", State::CHOICES).required().synonyms(&["status"]);
}

impl BudgetLine {
    /// Whether it counts.
    pub fn is_in(&self) -> bool {
        self.state != State::LeftOut
    }

    /// What it pays once, and of what is paid year after year.
    pub fn amounts(&self) -> (Money, Money) {
        (self.once.unwrap_or_default(), self.yearly.unwrap_or_default())
    }
}
