//! Obstacles, the forces around an outcome, and the facts that reveal obstacles.

use calc::money::Money;
use jiff::civil::Date;
use kit::{
    choices,
    method::Competency,
    people::PersonId,
    record::{Field, Kind},
    rights::Right,
};
use rust_decimal::Decimal;

use crate::{
    expectations::model::OutcomeId,
    urgency::rules::{authority_holds, decision_holds, force_holds, line_holds, obstacle_holds},
};

choices! {
    /// What an obstacle is made of.
    pub Sort {
        Structural = "structural", "Structural";
        Cultural = "cultural", "Cultural";
        Behavioural = "behavioural", "Behavioural";
    }
}

choices! {
    /// What is done about an obstacle.
    pub Measure {
        Overcome = "overcome", "Overcome it";
        Mitigate = "mitigate", "Mitigate it";
        Accept = "accept", "Accept it";
        Escalate = "escalate", "Escalate it";
    }
}

choices! {
    pub State {
        Open = "open", "Open", Warn;
        BeingCleared = "being_cleared", "Being cleared";
        Cleared = "cleared", "Cleared", Good;
        Accepted = "accepted", "Accepted";
    }
}

choices! {
    /// Whether a force helps an outcome or holds it back.
    pub Direction {
        Driving = "driving", "Driving";
        Restraining = "restraining", "Restraining";
    }
}

choices! {
    /// What was decided.
    pub Verdict {
        Yes = "yes", "Yes", Good;
        No = "no", "No";
        Deferred = "deferred", "Deferred", Warn;
    }
}

choices! {
    /// A figure that reveals obstacles when it crosses its line.
    pub Fact {
        Waiting = "waiting", "Days from asked to decided";
        Missing = "missing", "Decisions that waited for somebody missing";
        Authority = "authority", "Decisions within the days agreed";
        Importance = "importance", "Importance of IT";
    }
}

kit::record! {
    /// Something that stands in the way of what was agreed.
    pub Obstacle(ObstacleId) = Kind::new("obstacle", "Obstacle", "Obstacles", "/obstacles")
        .about("What stands in the way: rules, habits and decisions that nobody takes, each with somebody who clears it.")
        .first_step("Name the three things that cost you most last year, and for each the person who could remove it.")
        .titled("title")
        .known_by(&["title"])
        .rights(Right::View, Right::Contribute)
        .ruled(obstacle_holds);
    title: String = Field::text("Obstacle").required().help("The rule, habit or missing decision, without blame: never a person.").synonyms(&["title", "name", "barrier", "what"]);
    sort: Option<Sort> = Field::choice("Sort", Sort::CHOICES).help("Structural: rules, money, tools. Cultural: what is believed and taken for granted. Behavioural: what is done, or left undone.").synonyms(&["type", "category"]);
    severity: Option<i64> = Field::whole("Severity", 1, 5).help("How much it holds back, from 1 (a nuisance) to 5 (nothing moves).").synonyms(&["impact"]);
    influence: Option<i64> = Field::whole("Our influence", 1, 5).help("How far we can clear it ourselves, from 1 (not at all) to 5 (alone, tomorrow).").synonyms(&["influence"]);
    evidence: Option<String> = Field::prose("Evidence").help("What shows that it is there: a figure, a case, what was said.").synonyms(&["detail"]);
    owner: Option<PersonId> = Field::link("Owner", "person").accountable().help("Whoever can remove it, which is often not IT.").synonyms(&["owner email", "responsible", "accountable"]);
    measure: Option<Measure> = Field::choice("Counter-measure", Measure::CHOICES).synonyms(&["countermeasure", "response"]);
    plan: Option<String> = Field::prose("What is done").synonyms(&["plan"]);
    due: Option<Date> = Field::date("Due").synonyms(&["due date", "deadline", "by"]);
    state: State = Field::choice("State", State::CHOICES).required().synonyms(&["status"]);
    sponsor: Option<PersonId> = Field::link("Sponsor", "person").unlisted().help("To whom it is escalated: somebody who can decide what the owner cannot.").synonyms(&["sponsor email"]);
    asked: Option<String> = Field::prose("What is asked of the sponsor").help("One decision, as you would say it to them.").synonyms(&["ask"]);
    cleared: Option<Date> = Field::date("Cleared on").past().unlisted().synonyms(&["cleared", "removed on"]);
    changed: Option<String> = Field::prose("What changed").help("What is different since it was cleared.").synonyms(&["result"]);
    competency: Option<Competency> = Field::choice("Competency", Competency::CHOICES).unlisted().help("Which competency it holds back, where it is one.");
    fact: Option<Fact> = Field::choice("Fact behind it", Fact::CHOICES).unlisted().help("The figure whose crossed line raised it.");
}

impl Obstacle {
    /// Whether it still stands in the way and somebody has to act.
    pub fn is_open(&self) -> bool {
        matches!(self.state, State::Open | State::BeingCleared)
    }
}

kit::record! {
    /// Something that drives an outcome or holds it back.
    pub Force(ForceId) = Kind::new("force", "Force", "Forces", "/forces")
        .about("What drives each outcome and what holds it back. One that is made of an obstacle goes when the obstacle is cleared.")
        .first_step("Take the outcome that matters most and write down three things that help it and three that hold it back.")
        .titled("what")
        .known_by_all(&["outcome", "what"])
        .ruled(force_holds);
    what: String = Field::text("Force").required().synonyms(&["what", "title", "name"]);
    outcome: OutcomeId = Field::link("Outcome", "outcome").required();
    direction: Direction = Field::choice("Direction", Direction::CHOICES).required();
    strength: i64 = Field::whole("Strength", 1, 5).required().help("From 1 (weak) to 5 (decides).");
    obstacle: Option<ObstacleId> = Field::link("Made of the obstacle", "obstacle").help("For what holds back: once the obstacle is cleared, so is the force.").synonyms(&["obstacle"]);
    detail: Option<String> = Field::prose("Detail");
}

kit::record! {
    /// Who may approve what amount, and how long that takes.
    pub SpendingAuthority(SpendingAuthorityId) = Kind::new("spending_authority", "Spending authority", "Spending authorities", "/spending-authorities")
        .about("Who may approve what amount, and how many days that may take. What is over one limit is for the next.")
        .first_step("Ask finance for the rule that is in force, and write down each step of it.")
        .titled("who")
        .sorted("above")
        .known_by_all(&["who", "since"])
        .ended_by("ended")
        .rights(Right::View, Right::Lead)
        .ruled(authority_holds);
    who: String = Field::text("Who may approve").required().help("The role, such as head of the unit.").synonyms(&["who", "role", "approver"]);
    person: Option<PersonId> = Field::link("Person", "person").help("Where it is one person.").synonyms(&["person email"]);
    above: Money = Field::money("Over").required().help("Amounts over this; 0 for the smallest.").synonyms(&["from", "amount from"]);
    up_to: Option<Money> = Field::money("Up to").help("Up to this amount and including it; empty where there is no limit.").synonyms(&["to", "amount to", "limit"]);
    days: Option<i64> = Field::whole("Days agreed", 0, 999).help("How many days the decision may take, as agreed.").synonyms(&["days"]);
    since: Date = Field::date("In force since").required().synonyms(&["since", "valid from"]);
    ended: Option<Date> = Field::date("Until").help("The last day, where the rule has been replaced.").synonyms(&["until", "valid to"]);
}

kit::record! {
    /// A decision about technology: when it was asked for, and when it came.
    pub Decision(DecisionId) = Kind::new("decision", "Decision", "Decisions", "/decisions")
        .about("Decisions about technology, from the day somebody asked to the day somebody decided, and whom they waited for.")
        .first_step("Write down the last five decisions that you waited for; or import the log that you keep.")
        .titled("what")
        .sorted("asked")
        .known_by_all(&["what", "asked"])
        .ruled(decision_holds);
    what: String = Field::text("Decision").required().help("What was to be decided.").synonyms(&["what", "title", "question"]);
    asked: Date = Field::date("Asked on").required().past().synonyms(&["asked", "requested", "requested on"]);
    decided: Option<Date> = Field::date("Decided on").past().synonyms(&["decided", "decision date"]);
    verdict: Option<Verdict> = Field::choice("Verdict", Verdict::CHOICES).help("Deferred is not decided: it still waits.").synonyms(&["outcome", "result"]);
    amount: Option<Money> = Field::money("Amount");
    decider: Option<PersonId> = Field::link("Decided by", "person").unlisted().synonyms(&["decided by email", "decider"]);
    missing: Option<String> = Field::text("Who was missing").help("The role, meeting or signature that it waited for, if it did.").synonyms(&["missing", "waited for"]);
    note: Option<String> = Field::prose("Note");
}

kit::record! {
    /// The line that a fact must not cross.
    pub SetLine(SetLineId) = Kind::new("set_line", "Set line", "Set lines", "/set-lines")
        .about("From which figure on a fact says that something stands in the way. Without a line of your own, the usual one holds.")
        .first_step("The usual lines hold. Set your own where they are too strict or too lax for you.")
        .titled("fact")
        .known_by(&["fact"])
        .once("fact", "This fact has a line already. Change that one.")
        .rights(Right::View, Right::Lead)
        .ruled(line_holds);
    fact: Fact = Field::choice("Fact", Fact::CHOICES).required();
    line: Decimal = Field::number("Line").required().help("Days for waiting; % of the decisions for those two; points of five for importance.");
}
