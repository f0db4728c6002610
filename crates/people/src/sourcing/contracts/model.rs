//! Who works for us, under which contracts, and how well.

use calc::{
    money::Money,
    notice::{Notice, Unit},
};
use jiff::civil::Date;
use kit::{
    choices,
    people::PersonId,
    record::{Faults, Field, Kind, Record, Row, Value},
    rights::Right,
};
use rust_decimal::Decimal;

use crate::sourcing::model::ActivityId;

choices! {
    pub Standing {
        Active = "active", "Active", Good;
        Trial = "trial", "On trial", Warn;
        Former = "former", "Former";
    }
}

kit::record! {
    /// A firm that does part of our work.
    pub Supplier(SupplierId) = Kind::new("supplier", "Supplier", "Suppliers", "/suppliers")
        .about("The firms that do part of IT's work.")
        .first_step("Bring in the suppliers that your accounts know, or add the three largest by hand.")
        .rights(Right::View, Right::KeepCosts)
        .screens(&[("How they do", "trend")]);
    name: String = Field::text("Name").required().synonyms(&["supplier", "vendor", "provider", "company", "lieferant"]);
    about: Option<String> = Field::prose("What they do for us").synonyms(&["description"]);
    contact: Option<String> = Field::text("Contact").synonyms(&["contact person", "account manager"]);
    email: Option<String> = Field::email("E-mail").synonyms(&["contact email", "mail"]);
    website: Option<String> = Field::url("Website").synonyms(&["web", "url"]);
    owner: Option<PersonId> = Field::link("Owner", "person").accountable().help("Who speaks for us when it matters.").synonyms(&["owner email", "responsible"]);
    state: Option<Standing> = Field::choice("State", Standing::CHOICES).help("Empty: active.");
}

choices! {
    pub Billing {
        Month = "month", "a month";
        Quarter = "quarter", "a quarter";
        Year = "year", "a year";
        Once = "once", "once";
    }
}

choices! {
    pub ContractState {
        Active = "active", "Active", Good;
        NoticeGiven = "notice_given", "Notice given", Warn;
        Ended = "ended", "Ended";
    }
}

kit::record! {
    /// What was agreed with a supplier, and how it ends.
    pub Contract(ContractId) = Kind::new("contract", "Contract", "Contracts", "/contracts")
        .about("What was agreed with whom, what it costs, how it ends, and by when notice must be given.")
        .first_step("Bring in the list of contracts that purchasing or finance keeps, or add the one that renews next.")
        .known_by(&["name"])
        .rights(Right::SeeCosts, Right::KeepCosts)
        .screens(&[("Notice and price", "notice")])
        .ruled(holds_together);
    name: String = Field::text("Contract").required().synonyms(&["service", "contract name", "title", "name", "vertrag"]);
    supplier: SupplierId = Field::link("Supplier", "supplier").required().synonyms(&["vendor", "provider", "lieferant"]);
    scope: Option<String> = Field::prose("Scope").help("What is done for us, in plain words.").synonyms(&["description"]);
    activity: Option<ActivityId> = Field::link("Activity", "activity");
    owner: Option<PersonId> = Field::link("Owner", "person").accountable().help("Who decides about it, and is written to before the last day of notice.").synonyms(&["owner email", "responsible", "contract owner"]);
    starts: Date = Field::date("Start").required().synonyms(&["start date", "from", "begin", "beginn"]);
    ends: Option<Date> = Field::date("End").help("The last day of the first term, or of the present one. Empty where it runs on.").synonyms(&["end date", "until", "to", "expiry", "ende"]);
    term_months: Option<i64> = Field::whole("Term in months", 1, 600).unlisted().help("How long the first term is where no end is given, and for how long the contract then renews each time.").synonyms(&["term", "months", "laufzeit"]);
    auto_renew: bool = Field::yes_no("Renews by itself").synonyms(&["auto renew", "auto renewal", "automatic renewal"]);
    notice: Option<String> = Field::text("Notice").help("Such as: 30 days, 3 months, 10 business days, 6 weeks to month end, 3 months to quarter end. Business days are counted without the public holidays that are written down.").synonyms(&["notice days", "notice period", "kündigungsfrist"]);
    price: Option<Money> = Field::money("Price").help("As it is paid now. Once it has gone up, write the new one.").synonyms(&["amount", "cost", "fee", "preis"]);
    billing: Option<Billing> = Field::choice("Billed", Billing::CHOICES).help("What the price is for.").synonyms(&["billing", "per", "interval", "period"]);
    increase_pct: Option<Decimal> = Field::number("Yearly change in %").unlisted().help("By how much the price goes up each year from now on; negative where it falls.").synonyms(&["increase pct", "increase", "indexation"]);
    account: Option<String> = Field::text("Account").unlisted().synonyms(&["gl account", "konto"]);
    cost_centre: Option<String> = Field::text("Cost centre").unlisted().synonyms(&["cost center", "kostenstelle"]);
    exit_terms: Option<String> = Field::prose("Exit terms").help("What we owe and get when it ends: data, handover, fees, people.").synonyms(&["exit", "termination terms"]);
    state: Option<ContractState> = Field::choice("State", ContractState::CHOICES).help("Empty: active. Where notice was given, write the day on which it ends as its end.");
}

impl Contract {
    /// What a full year costs at the present price; nothing where the price is not known. What is paid once costs
    /// nothing a year.
    pub fn yearly(&self) -> Option<Money> {
        let times = match self.billing? {
            Billing::Month => 12,
            Billing::Quarter => 4,
            Billing::Year => 1,
            Billing::Once => 0,
        };
        self.price?.checked_mul(times)
    }
}

/// Reads a period of notice as people and files write it: with its unit, or as a bare number of days.
pub fn notice(text: &str) -> Result<Notice, String> {
    let text = text.trim();
    if !text.is_empty() && text.bytes().all(|it| it.is_ascii_digit()) {
        let count = text.parse::<u16>().ok().filter(|it| *it <= 3653);
        return match count {
            Some(count) => Ok(Notice { count, unit: Unit::Days, to: None }),
            None => Err(format!("“{text}” days of notice are more than ten years. Write it like 30 days or 3 months.")),
        };
    }
    text.parse().map_err(|err: calc::notice::Unreadable| format!("“{text}” {err}."))
}

fn holds_together(row: &Row, _: &[Row], faults: &mut Faults) {
    let it = Contract::from_row(row);
    if it.ends.is_some_and(|ends| ends < it.starts) {
        faults.add("ends", "The contract ends before it starts. Correct one of the two days.");
    }
    if let Some(Err(fault)) = it.notice.as_deref().map(notice) {
        faults.add("notice", fault);
    }
    if it.price.is_some() && it.billing.is_none() {
        faults.add("billing", "Say whether the price is for a month, a quarter, a year, or was paid once.");
    }
    if it.increase_pct.is_some_and(|it| it.abs() > Decimal::ONE_HUNDRED) {
        faults.add("increase_pct", "A yearly change is between −100 and 100 %. Correct it.");
    }
}

kit::record! {
    /// How somebody found a supplier to do on a day.
    pub Scorecard(ScorecardId) = Kind::new("scorecard", "Scorecard", "Scorecards", "/scorecards")
        .about("How well suppliers do, from 1 (poorly) to 5 (very well), so that the next renewal is decided on more than the last incident.")
        .first_step("Twice a year, give each large supplier four marks together with those who work with them.")
        .titled("supplier")
        .sorted("scored_on")
        .known_by_all(&["supplier", "scored_on"])
        .ruled(one_a_day);
    supplier: SupplierId = Field::link("Supplier", "supplier").required();
    scored_on: Date = Field::date("Day").required().past().synonyms(&["date", "on"]);
    person: Option<PersonId> = Field::link("By", "person").synonyms(&["person", "scored by"]);
    quality: i64 = Field::whole("Quality", 1, 5).required().help("From 1 (poorly) to 5 (very well): what they do is right and stays right.");
    delivery: i64 = Field::whole("Delivery", 1, 5).required().help("From 1 to 5: on time, and what was promised.");
    cost: i64 = Field::whole("Cost", 1, 5).required().help("From 1 to 5: worth the money, and no surprises.");
    cooperation: i64 = Field::whole("Cooperation", 1, 5).required().help("From 1 to 5: open, easy to reach, with ideas of their own.");
    note: Option<String> = Field::prose("Note");
}

impl Scorecard {
    pub fn marks(&self) -> [i64; 4] {
        [self.quality, self.delivery, self.cost, self.cooperation]
    }

    /// The mean of the four marks.
    pub fn mean(&self) -> f64 {
        self.marks().iter().sum::<i64>() as f64 / 4.0
    }
}

/// One scorecard a supplier, person and day.
fn one_a_day(row: &Row, others: &[Row], faults: &mut Faults) {
    let of = |row: &Row| -> [Value; 3] {
        ["supplier", "scored_on", "person"].map(|key| row.get(Scorecard::KIND, key).clone())
    };
    if others.iter().any(|it| it.id != row.id && of(it) == of(row)) {
        faults
            .add("scored_on", "This supplier has a scorecard of that day by the same person. Change that one instead.");
    }
}

#[cfg(test)]
pub(super) mod tests {
    use jiff::civil::date;

    use super::*;

    pub fn contract() -> Contract {
        Contract {
            id: ContractId(db::uuid::Uuid::nil()),
            version: 1,
            name: "ERP support".to_owned(),
            supplier: SupplierId(db::uuid::Uuid::nil()),
            scope: None,
            activity: None,
            owner: None,
            starts: date(2024, 1, 1),
            ends: None,
            term_months: Some(12),
            auto_renew: true,
            notice: Some("3 months".to_owned()),
            price: Some(Money::new(100_000)),
            billing: Some(Billing::Month),
            increase_pct: None,
            account: None,
            cost_centre: None,
            exit_terms: None,
            state: None,
        }
    }

    fn faults_of(it: &Contract) -> Vec<(String, String)> {
        let mut faults = Faults::default();
        holds_together(&it.to_row(), &[], &mut faults);
        faults.iter().map(|(field, fault)| (field.to_owned(), fault.to_owned())).collect()
    }

    #[test]
    fn a_contract_that_ends_before_it_starts_is_refused() {
        let it = Contract { ends: Some(date(2023, 12, 31)), ..contract() };
        assert_eq!(faults_of(&it)[0].0, "ends");
        assert!(faults_of(&contract()).is_empty());
    }

    #[test]
    fn a_notice_that_cannot_be_read_says_what_can() {
        let it = Contract { notice: Some("soon".to_owned()), ..contract() };
        let (field, fault) = faults_of(&it).remove(0);
        assert_eq!(field, "notice");
        assert!(fault.starts_with("“soon” is not a notice period: write a number and days"), "{fault}");
    }

    #[test]
    fn a_bare_number_of_notice_is_of_days() {
        assert_eq!(notice("90"), notice("90 days"));
        assert!(notice("99999").is_err() && notice("").is_err());
    }

    #[test]
    fn a_price_without_its_period_is_refused() {
        assert_eq!(faults_of(&Contract { billing: None, ..contract() })[0].0, "billing");
        assert_eq!(contract().yearly(), Some(Money::new(1_200_000)));
        assert_eq!(Contract { billing: Some(Billing::Once), ..contract() }.yearly(), Some(Money::ZERO));
    }
}
