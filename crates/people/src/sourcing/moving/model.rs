//! A move in question, and what was decided about it.

use calc::money::Money;
use jiff::civil::Date;
use kit::{
    choices,
    record::{Faults, Field, Kind, Record, Row},
    rights::Right,
};
use rust_decimal::Decimal;

use crate::sourcing::{contracts::model::SupplierId, model::ActivityId};

choices! {
    /// Who does the work.
    pub Doer {
        Inside = "inside", "Inside";
        Provider = "provider", "By a provider";
    }
}

choices! {
    pub Decision {
        Open = "open", "Open", Warn;
        Inside = "inside", "Inside", Good;
        Provider = "provider", "By a provider", Good;
    }
}

kit::record! {
    /// An activity that could be done by somebody else, both ways beside each other.
    pub Move(MoveId) = Kind::new("move", "Move", "Moves", "/moves")
        .about("What changes if an activity moves inside or to a provider: five years of both ways, and what it touches.")
        .first_step("Take an activity whose place in the matrix and whose place of work do not fit, and set both ways side by side.")
        .known_by(&["name"])
        .rights(Right::SeeCosts, Right::KeepCosts)
        .screens(&[("Both ways", "compare")])
        .ruled(decided_whole);
    name: String = Field::text("Move").required().help("Such as: Give the service desk to a provider.").synonyms(&["name", "title"]);
    activity: ActivityId = Field::link("Activity", "activity").required();
    supplier: Option<SupplierId> = Field::link("Provider in question", "supplier").synonyms(&["provider", "supplier"]);
    today: Doer = Field::choice("Done today", Doer::CHOICES).required();
    inside_cost: Option<Money> = Field::money("Inside, first year").help("Everything that it costs to do it ourselves for a year: people, licences, tools.").synonyms(&["inside cost"]);
    inside_change: Option<Decimal> = Field::number("Inside, yearly change in %").unlisted().synonyms(&["inside change"]);
    provider_cost: Option<Money> = Field::money("Provider, first year").help("What the provider takes, and what steering them costs us.").synonyms(&["provider cost"]);
    provider_change: Option<Decimal> = Field::number("Provider, yearly change in %").unlisted().synonyms(&["provider change"]);
    one_off: Option<Money> = Field::money("Cost of the move").help("Once, in the first year: handover, notice, recruiting, training, running both for a while.").synonyms(&["one off", "one-off"]);
    services: Option<String> = Field::prose("Services touched").help("What the business would notice.");
    skills: Option<String> = Field::prose("Skills and roles touched").help("What we would need, and what we would no longer practise.");
    decision: Decision = Field::choice("Decision", Decision::CHOICES).required();
    reason: Option<String> = Field::prose("Reason");
    decided_on: Option<Date> = Field::date("Decided on").past().unlisted();
}

fn decided_whole(row: &Row, _: &[Row], faults: &mut Faults) {
    let it = Move::from_row(row);
    if it.decision != Decision::Open && it.reason.is_none() {
        faults.add("reason", "Write why it was decided so: it will be asked again in a year.");
    }
    for (key, change) in [("inside_change", it.inside_change), ("provider_change", it.provider_change)] {
        if change.is_some_and(|it| it.abs() > Decimal::ONE_HUNDRED) {
            faults.add(key, "A yearly change is between −100 and 100 %. Correct it.");
        }
    }
    let costs = [("inside_cost", it.inside_cost), ("provider_cost", it.provider_cost), ("one_off", it.one_off)];
    for (key, cost) in costs {
        if cost.is_some_and(Money::is_negative) {
            faults.add(key, "A cost is not below zero. Correct it, or put the saving into the other way.");
        }
    }
}
